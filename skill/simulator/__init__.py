"""The smart speaker on your desk: utterance in, the same skill code, speech out."""
