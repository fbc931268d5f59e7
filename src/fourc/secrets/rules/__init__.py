"""The rules, one table file per family of providers; each holds a tuple `RULES`."""
