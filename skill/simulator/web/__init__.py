"""The simulator as a web page on this machine: hold to talk or type, and hear the answer."""

from skill.simulator.web.app import Simulator, create_app
from skill.simulator.web.clips import Clips
from skill.simulator.web.guard import TOKEN_HEADER
from skill.simulator.web.run import serving
from skill.simulator.web.tabs import Tab

__all__ = ["TOKEN_HEADER", "Clips", "Simulator", "Tab", "create_app", "serving"]
