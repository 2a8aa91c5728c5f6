"""How the sources of an event tell it differently: small pure measures, each of a comparison."""
