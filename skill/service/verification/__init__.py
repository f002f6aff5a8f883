"""Whether a request is really from Alexa, for our skill, and recent."""
