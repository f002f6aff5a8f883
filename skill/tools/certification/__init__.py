"""Alexa's certification rules, checked offline."""
