"""Incoming data: the contract, validation and quarantine, publishing, the demo and the reference tables."""
