"""The simulated person: appraisal, mood, facts with gates, plan, authored wording, guard.

In: an AgentTurn. Out: a Reply. Pure and replayable; a language model only words what the plan
names.
"""
