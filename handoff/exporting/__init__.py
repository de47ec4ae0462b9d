"""Deals and handoffs as files."""
