"""The rules of the State of Meridian, which does not exist. There is no Python here."""
