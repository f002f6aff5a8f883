"""The simulator as a web page on this machine: hold to talk or type, and hear the answer."""
