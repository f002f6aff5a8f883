"""What an utterance means."""
