"""Timing: exact on what we make ourselves, right on what people labelled by hand."""

from pathlib import Path

import numpy as np
import pytest

from trainer.domain.audio import RATE, Samples, samples
from trainer.domain.transcript import Who
from trainer.review import measures, stretches, timing
from trainer.review.stretches import Stretch
from trainer.review.timing import Part

Spans = list[tuple[float, float]]


def channel(spans: Spans, length_s: float, noise: float = 0.0) -> Samples:
    """Speech-like bursts at these seconds; every burst begins and ends with a loud sample."""
    random = np.random.default_rng(7)
    made = (noise * random.standard_normal(samples(length_s))).astype(np.float32)
    for start, end in spans:
        a, b = samples(start), samples(end)
        made[a:b] += (0.1 * random.choice([-1.0, 1.0], b - a)).astype(np.float32)
    return made


def of(spans: Spans) -> list[Stretch]:
    return [Stretch(samples(start), samples(end)) for start, end in spans]


def turns(*spoken: tuple[Who, float, float]) -> list[Part]:
    return [
        Part(who, samples(start), samples(end), number)
        for number, (who, start, end) in enumerate(spoken, start=1)
    ]


def measured(agent: Spans, customer: Spans, length_s: float = 30.0) -> timing.Timing:
    one, other = of(agent), of(customer)
    return timing.measure(
        timing.from_stretches(one, other), samples(length_s), agent=one, customer=other
    )


def test_speech_is_cut_to_the_sample_in_digital_silence() -> None:
    spans = [(1.0003, 2.5), (4.0, 4.7001), (9.33333, 12.0)]
    assert stretches.find(channel(spans, 15.0)) == of(spans)


def test_speech_is_found_within_a_frame_over_room_noise() -> None:
    spans = [(1.0, 2.5), (4.0, 4.7)]
    found = stretches.find(channel(spans, 8.0, noise=0.003))
    assert len(found) == 2
    for stretch, (start, end) in zip(found, spans, strict=True):
        assert stretch.start == pytest.approx(samples(start), abs=RATE // 100)
        assert stretch.end == pytest.approx(samples(end), abs=RATE // 100)


def test_silence_and_steady_noise_hold_no_speech() -> None:
    assert stretches.find(np.zeros(5 * RATE, np.float32)) == []
    assert stretches.find(channel([], 5.0, noise=0.002)) == []


def test_gaps_are_exact_from_two_channels() -> None:
    agent = [(3.25, 5.0), (9.0, 11.0)]
    customer = [(0.5, 3.0), (6.0, 9.4)]
    one = stretches.find(channel(agent, 12.0))
    other = stretches.find(channel(customer, 12.0))
    result = timing.measure(
        timing.from_stretches(one, other), samples(12), agent=one, customer=other
    )
    assert [gap.seconds for gap in result.gaps] == [0.25, -0.4]
    assert result.talk_share == pytest.approx(3.75 / (3.75 + 5.9), abs=1e-4)
    assert result.overlap_share == pytest.approx(0.4 / 12, abs=1e-4)


def test_a_short_word_inside_the_customers_speech_is_listening_not_a_turn() -> None:
    result = measured(agent=[(2.0, 2.4), (6.5, 8.0)], customer=[(1.0, 6.0)])
    assert result.backchannels == 1
    assert [gap.seconds for gap in result.gaps] == [0.5]
    assert result.interruptions == ()


def test_taking_the_floor_early_is_an_interruption_and_a_last_breath_is_not() -> None:
    early = measured(agent=[(4.0, 7.0)], customer=[(1.0, 5.0)])
    assert len(early.interruptions) == 1
    last_breath = measured(agent=[(4.8, 7.0)], customer=[(1.0, 5.0)])
    assert last_breath.interruptions == ()


def test_a_cut_off_customer_counts_by_what_they_still_had_to_say() -> None:
    def cut(left_s: float) -> tuple[int, ...]:
        heard = Part("customer", 0, samples(2.0), 1, cut_s=left_s)
        return timing.measure(
            [heard, Part("agent", samples(2.1), samples(5.0), 2)], samples(6)
        ).interruptions

    assert cut(2.1) == (2,)
    assert cut(0.35) == ()


def test_silence_over_four_seconds_is_dead_air_unless_announced_or_on_hold() -> None:
    spoken = turns(("customer", 0, 2), ("agent", 2.5, 4), ("customer", 4.5, 6), ("agent", 12, 13))
    plain = timing.measure(spoken, samples(14))
    assert [(dead.turn, dead.seconds) for dead in plain.dead_air] == [(3, 6.0)]
    announced = [Part(p.who, p.start, p.end, p.number, announces=p.number == 2) for p in spoken]
    assert timing.measure(announced, samples(14)).dead_air == ()
    held = timing.measure(spoken, samples(14), holds=[(samples(6.5), samples(11.5), False)])
    assert held.dead_air == ()
    assert [gap.turn for gap in held.gaps] == [2]


def test_a_customer_who_has_to_ask_whether_anyone_is_there_met_dead_air() -> None:
    spoken = turns(("customer", 0, 2), ("customer", 7.5, 9), ("agent", 9.5, 11))
    result = timing.measure(spoken, samples(12))
    assert [dead.seconds for dead in result.dead_air] == [5.5]


def test_waiting_for_the_customer_is_never_the_agents_dead_air() -> None:
    spoken = turns(("customer", 0, 2), ("agent", 2.5, 4), ("customer", 12, 14))
    assert timing.measure(spoken, samples(15)).dead_air == ()


def test_a_long_hole_inside_an_agent_turn_is_dead_air() -> None:
    parts = turns(("customer", 0, 2), ("agent", 2.5, 12))
    result = timing.measure(parts, samples(13), agent=of([(2.5, 4), (9, 12)]))
    assert [dead.seconds for dead in result.dead_air] == [5.0]


def test_the_longest_stretch_is_the_longest_turn_of_the_agent() -> None:
    result = measured(agent=[(1, 4), (5, 12), (20, 22)], customer=[(15, 19.5)])
    assert result.longest_stretch_s == 11.0  # a pause of 1 s does not end a turn


def test_a_microphone_that_hears_the_customer_is_noticed() -> None:
    customer = channel([(0.5, 3.0), (5.0, 8.0)], 10.0)
    agent = channel([(3.5, 4.5)], 10.0, noise=0.003)
    speech = stretches.find(customer)
    assert measures.leak(agent, customer, speech) < measures.LEAK
    leaking = agent + 0.3 * np.roll(customer, samples(0.08))
    assert measures.leak(leaking.astype(np.float32), customer, speech) > measures.LEAK


def labelled(eval_data: Path) -> dict[str, Spans]:
    spans: dict[str, Spans] = {}
    text = (eval_data / "speech" / "pyannote_sample.rttm").read_text()
    for line in text.splitlines():
        fields = line.split()
        start, length = float(fields[3]), float(fields[4])
        spans.setdefault(fields[7], []).append((start, start + length))
    return spans


def test_first_transitions_of_a_hand_labelled_conversation(eval_data: Path) -> None:
    one, other = labelled(eval_data).values()
    parts = timing.from_stretches(of(one), of(other))
    gaps = [gap for _, _, gap in timing.transitions(parts)]
    assert gaps[:6] == pytest.approx([0.43, -0.03, -0.10, -0.46, -0.21, 0.13], abs=0.08)


def test_first_transitions_survive_the_way_through_two_channels(eval_data: Path) -> None:
    one, other = labelled(eval_data).values()
    parts = timing.from_stretches(
        stretches.find(channel(one, 31.0)), stretches.find(channel(other, 31.0))
    )
    gaps = [gap for _, _, gap in timing.transitions(parts)]
    assert gaps[:6] == pytest.approx([0.43, -0.03, -0.10, -0.46, -0.21, 0.13], abs=0.08)


def test_talk_share_of_a_real_call(eval_data: Path) -> None:
    import soundfile
    import soxr

    path = eval_data / "calls" / "auto_repairs_40_agentL_callerR_8k.flac"
    sound, rate = soundfile.read(path, dtype="float32")
    agent, customer = (stretches.find(soxr.resample(sound[:, side], rate, RATE)) for side in (0, 1))
    length = round(len(sound) * RATE / rate)
    parts = timing.from_stretches(agent, customer)
    result = timing.measure(parts, length, agent=agent, customer=customer)
    assert result.talk_share == pytest.approx(0.49, abs=0.03)
    assert result.overlap_share is not None
    assert result.overlap_share < 0.03
