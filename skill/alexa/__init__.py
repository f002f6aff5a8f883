"""All that only Amazon asks for."""
