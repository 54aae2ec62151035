"""Fit the scores of acts anew after a change of examples or near misses in prompts/acts/.

Run: python scripts/fit_acts.py   (takes about a minute; needs the sentence model)
"""

from trainer.acts import fit, library
from trainer.acts.likeness import FITTED
from trainer.backends import make

if __name__ == "__main__":
    fit.save(fit.fit(library.load(()), make("embed", "minilm")), FITTED)
    print(f"{FITTED}: {FITTED.stat().st_size / 1e6:.2f} MB")
