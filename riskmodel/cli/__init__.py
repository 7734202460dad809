"""The command line: one thin command a step, over `riskmodel.workflow`."""
