"""The rulebook `nebraska-dbh` on staff: who may give peer support, on each day of service and in each group.

Each class is a clause of the service definition (S3), its law stated again in plain Python over generated cases. What
is asked is asked of whoever gave the service (S3-93), a colleague on cover included.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from nebraska import (
    DAY,
    HOURS,
    LICENSES,
    MAYBE,
    MET,
    NOT_APPLICABLE,
    NOT_MET,
    SERVICE,
    START,
    UNKNOWN,
    Moment,
    Truth,
    admission,
    around,
    at,
    contact,
    dated,
    equals,
    family,
    found,
    has,
    inside,
    kleene_and,
    kleene_not,
    kleene_or,
    licensed,
    near,
    not_after,
    present,
    some_of,
    told,
    verdict,
    where,
)

from peersupport import (
    NONE,
    Assignment,
    ClinicalConsultant,
    Credential,
    Force,
    GroupSession,
    Oversight,
    PeerProvider,
    Reason,
    Record,
    Verdict,
)

STATUS = st.sampled_from(["scheduled", "attended", "not_attended", None])
EXPERIENCE = some_of("own", "parent_or_caregiver")
GRANDFATHERED = "a grandfathered certificate counts"
DAYS_730, CAREGIVERS = "two years are 730 days", "a caregiver's own recovery is asked for too"
BORN = dt.date(START.year - 19, START.month, START.day)
SINCE = dt.date(START.year - 2, START.month, START.day)
RULES = (
    *("staff.age", "staff.lived_experience", "staff.parenting", "staff.education", "staff.recovery"),
    *("staff.certified", "staff.consultant_responsible"),
)
GROUP_RULES = ("group.facilitators", "group.facilitators_recovery", "group.facilitators_certified")


def peer(id_: str = "peer", /, **facts: object) -> PeerProvider:
    """A peer provider of whom only these facts are recorded."""
    return PeerProvider(id=id_, **facts)  # type: ignore[arg-type]  # any fact of a peer provider


def qualified(id_: str = "peer", /, **facts: object) -> PeerProvider:
    """A peer provider who may give any peer support, unless said otherwise."""
    usual: dict[str, object] = {"birth_date": BORN, "lived_experience": frozenset({"own"}), "diploma": True}
    usual |= {"parenting_experience": True, "recovery_since": SINCE, "two_years_attested_on": NONE}
    return peer(id_, **{**usual, **facts})


def credential(id_: str = "x", /, **facts: object) -> Credential:
    """A state certificate of the peer provider that runs, unless said otherwise."""
    usual = {"peer_provider": "peer", "kind": "state", "valid_from": START - 9 * DAY, "valid_until": NONE}
    return Credential(id=id_, **{**usual, **facts})  # type: ignore[arg-type]  # any fact of a credential


def oversight(id_: str = "o", /, **facts: object) -> Oversight:
    """A consultant's responsibility for the peer provider that goes on, unless said otherwise."""
    usual = {"peer_provider": "peer", "consultant": "k", "starts_on": START - 9 * DAY, "ends_on": NONE}
    return Oversight(id=id_, **{**usual, **facts})  # type: ignore[arg-type]  # any fact of an oversight


CREDENTIALS = st.lists(
    st.tuples(st.sampled_from(["state", "grandfathered", "other", None]), dated(START), near(START)), max_size=3
)


class TestAge:
    """S3-56: 19 or older on the day of service."""

    @given(STATUS, dated(BORN), st.sampled_from([START, None]), HOURS)
    def test_staff_age_on_the_day_where_the_program_is(
        self, status: str | None, born: dt.date | None, day: dt.date | None, hour: int
    ) -> None:
        """From the 19th birthday on, at any hour of it."""
        record = contact(status=status, starts_at=None if day is None else at(day, hour))
        old = None if born is None or day is None else born <= BORN
        expected = where(equals(status, "attended"), verdict(old))
        assert told("staff.age", record, admission(), peer(birth_date=born)) == {"": expected}

    @pytest.mark.parametrize(
        ("born", "birthday"),
        [
            (dt.date(2007, 3, 1), dt.date(2026, 3, 1)),
            (dt.date(2007, 2, 28), dt.date(2026, 2, 28)),
            (dt.date(2008, 2, 29), dt.date(2027, 3, 1)),
            (dt.date(2005, 2, 28), dt.date(2024, 2, 28)),
        ],
        ids=lambda day: f"staff.age-{day}",
    )
    def test_staff_age_about_the_end_of_february(self, born: dt.date, birthday: dt.date) -> None:
        """The day before, the birthday, the day after; who was born on 29 February is older on 1 March."""
        days = [at(birthday + n * DAY) for n in (-1, 0, 1)]
        on = dt.date(2028, 1, 1)
        verdicts = [
            found("staff.age", contact(starts_at=day), admission(), peer(birth_date=born), on=on).verdict
            for day in days
        ]
        assert verdicts == [NOT_MET, MET, MET]


class TestExperienceAndEducation:
    """S3-57 to 59: lived experience, parenting experience in family service, and a diploma."""

    @given(STATUS, EXPERIENCE)
    def test_staff_lived_experience_is_the_peer_providers_own_word(
        self, status: str | None, lived: frozenset[str] | None
    ) -> None:
        """Either kind will do, and which condition it is is not asked."""
        verdicts = told("staff.lived_experience", contact(status=status), admission(), peer(lived_experience=lived))
        assert verdicts == {"": where(equals(status, "attended"), verdict(present(lived)))}

    @given(STATUS, SERVICE, MAYBE)
    def test_staff_parenting_is_asked_in_family_service(
        self, status: str | None, service: str | None, parenting: Truth
    ) -> None:
        """Of whoever serves a family, and of nobody else."""
        record = contact(status=status)
        verdicts = told("staff.parenting", record, admission(service=service), peer(parenting_experience=parenting))
        applies = kleene_and(equals(status, "attended"), equals(service, "family"))
        assert verdicts == {"": where(applies, verdict(parenting))}

    @given(STATUS, MAYBE)
    def test_staff_education_is_a_diploma(self, status: str | None, diploma: Truth) -> None:
        """Of a high school or its equivalent."""
        verdicts = told("staff.education", contact(status=status), admission(), peer(diploma=diploma))
        assert verdicts == {"": where(equals(status, "attended"), verdict(diploma))}


RECOVERY = st.one_of(near(SINCE), st.sampled_from([SINCE - 400 * DAY, SINCE + 400 * DAY]), around(START - 730 * DAY))


def recovered(since: Moment, attested: Moment, day: Moment) -> Truth:
    """Two calendar years before a day, or attested by it."""
    two_years = since.replace(year=since.year + 2) if isinstance(since, dt.date) else since
    return either(two_years, attested, day)


def recovered_730(since: Moment, attested: Moment, day: Moment) -> Truth:
    """730 days before a day, or attested by it."""
    days = since + 730 * DAY if isinstance(since, dt.date) else since
    return either(days, attested, day)


def either(since: Moment, attested: Moment, day: Moment) -> Truth:
    """Whether one of two days is there by another one. Where neither is there at all, it is not, whatever the day."""
    if since is NONE and attested is NONE:
        return False
    return kleene_or(not_after(since, day), not_after(attested, day))


class TestRecovery:
    """S3-60: two years of lived recovery, of whoever names lived experience of her own."""

    @given(STATUS, EXPERIENCE, RECOVERY, near(START), st.sampled_from([START, None]), HOURS)
    def test_staff_recovery_by_the_day_of_service(
        self,
        status: str | None,
        lived: frozenset[str] | None,
        since: Moment,
        attested: Moment,
        day: dt.date | None,
        hour: int,
    ) -> None:
        """Since two years, or attested; two years as 730 days, and asked of caregivers too, under those readings."""
        # Of an instant that is not recorded nothing is said, of a day that neither of the two can come before it.
        assume(day is not None or since is not NONE or attested is not NONE)
        record = contact(status=status, starts_at=None if day is None else at(day, hour))
        someone = peer(lived_experience=lived, recovery_since=since, two_years_attested_on=attested)
        attended = equals(status, "attended")
        own = kleene_and(attended, has("own", lived))
        years = verdict(recovered(since, attested, day))
        assert told("staff.recovery", record, admission(), someone) == {
            "": where(own, years),
            DAYS_730: where(own, verdict(recovered_730(since, attested, day))),
            CAREGIVERS: where(attended, years),
        }

    @pytest.mark.parametrize(("june", "calendar", "days"), [(8, NOT_MET, NOT_MET), (9, NOT_MET, MET), (10, MET, MET)])
    def test_staff_recovery_over_a_leap_day(self, june: int, calendar: Verdict, days: Verdict) -> None:
        """With 29 February in between, 730 days are a day short of two years."""
        day = dt.date(2025, 6, june)
        someone = qualified(recovery_since=dt.date(2023, 6, 10))
        finding = found("staff.recovery", contact(starts_at=at(day)), admission(admitted_on=day), someone)
        assert (finding.verdict, finding.alternatives[DAYS_730]) == (calendar, days)


class TestCertificate:
    """S3-61: the certificate is in force on the day of service."""

    @given(STATUS, CREDENTIALS, st.sampled_from([START, None]), HOURS)
    def test_staff_certified_from_its_first_day_through_its_last(
        self,
        status: str | None,
        held: list[tuple[str | None, dt.date | None, Moment]],
        day: dt.date | None,
        hour: int,
    ) -> None:
        """None, one or several: one of the state's runs on the day; one taken over from before, under that reading."""
        record = contact(status=status, starts_at=None if day is None else at(day, hour))
        others = [credential(f"x{i}", kind=k, valid_from=f, valid_until=u) for i, (k, f, u) in enumerate(held)]
        attended = equals(status, "attended")
        assert told("staff.certified", record, admission(), *others) == {
            "": where(attended, certified(held, day, {"state"})),
            GRANDFATHERED: where(attended, certified(held, day, {"state", "grandfathered"})),
        }


def certified(held: Sequence[tuple[str | None, Moment, Moment]], day: Moment, kinds: set[str]) -> Verdict:
    """Whether one of some certificates is of these kinds and runs on a day."""
    return verdict(certificate(held, day, kinds))


def certificate(held: Sequence[tuple[str | None, Moment, Moment]], day: Moment, kinds: set[str]) -> Truth:
    """The same as yes, no or unknown."""
    return kleene_or(
        *(
            kleene_and(None if kind is None else kind in kinds, inside(day, start, end, through=True))
            for kind, start, end in held
        )
    )


class TestConsultantResponsible:
    """S3-62 to 71: on each day of service a licensed consultant is responsible."""

    @given(
        STATUS,
        st.lists(st.tuples(dated(START), near(START), st.sampled_from(["k", "other"])), max_size=2),
        st.sampled_from(["lmhp", "ladc", "other", None]),
        dated(START),
        near(START),
        HOURS,
    )
    def test_staff_consultant_responsible_and_licensed_on_the_day(
        self,
        status: str | None,
        spans: list[tuple[dt.date | None, Moment, str]],
        type_: str | None,
        valid_from: dt.date | None,
        valid_until: Moment,
        hour: int,
    ) -> None:
        """The day the responsibility ends is the first without it, and the license's last day is in."""
        record = contact(status=status, starts_at=at(START, hour))
        overseen = [oversight(f"o{i}", starts_on=s, ends_on=e, consultant=c) for i, (s, e, c) in enumerate(spans)]
        others = [*licensed(type_, valid_from, valid_until), ClinicalConsultant(id="other"), *overseen]
        verdicts = told("staff.consultant_responsible", record, admission(), *others)
        license_ = kleene_and(
            None if type_ is None else type_ != "other", inside(START, valid_from, valid_until, through=True)
        )
        responsible = kleene_or(
            *(
                kleene_and(inside(START, start, end, through=False), license_ if who == "k" else False)
                for start, end, who in spans
            )
        )
        assert verdicts == {"": where(equals(status, "attended"), verdict(responsible))}

    @pytest.mark.parametrize("type_", [*LICENSES, "other"], ids=lambda type_: f"staff.consultant_responsible-{type_}")
    def test_each_license_from_its_first_day_through_its_last(self, type_: str) -> None:
        """In force on both ends and out on the days beside; what it is limited to is not asked here."""
        first, last = START, START + 100 * DAY
        for day in (first - DAY, first, first + DAY, last - DAY, last, last + DAY):
            record = contact(starts_at=at(day, 23))
            others = (*licensed(type_, first, last), oversight())
            in_force = first <= day <= last and type_ != "other"
            assert told("staff.consultant_responsible", record, admission(), *others) == {"": verdict(in_force)}


LACKING: dict[str, dict[str, object]] = {
    "staff.age": {"birth_date": BORN + DAY},
    "staff.lived_experience": {"lived_experience": frozenset()},
    "staff.parenting": {"parenting_experience": False},
    "staff.education": {"diploma": False},
    "staff.recovery": {"recovery_since": SINCE + DAY},
    "staff.certified": {},
    "staff.consultant_responsible": {},
}
"""What a peer provider lacks for each rule; a certificate and a consultant are other records."""


def held_by(id_: str, *, but: str = "") -> tuple[Record, ...]:
    """A peer provider with all that is asked for, but what one rule asks."""
    records: list[Record] = [qualified(id_, **LACKING.get(but, {}))]
    if but != "staff.certified":
        records.append(credential(f"{id_}-x", peer_provider=id_))
    if but != "staff.consultant_responsible":
        records.append(oversight(f"{id_}-o", peer_provider=id_))
    return tuple(records)


class TestWhoGaveTheService:
    """S3-93: what is asked is asked of each person who gives the service."""

    @staticmethod
    def judged(
        rule: str, one: Sequence[Record], other: Sequence[Record], gave: str = "cover"
    ) -> tuple[Verdict, str | None]:
        """The verdict of a contact in family service, whose primary peer provider is on leave, and who answers."""
        spans = {"primary": (START, NONE), "cover": (START, START + 7 * DAY)}
        assigned = [
            Assignment(id=kind, peer_provider=kind, admission="a", kind=kind, starts_on=start, ends_on=end)  # type: ignore[arg-type]
            for kind, (start, end) in spans.items()
        ]
        others = (*one, *other, *assigned, *licensed("lmhp", START - 9 * DAY, NONE))
        finding = found(rule, contact(peer_provider=gave), family(), *others)
        return finding.verdict, finding.responsible

    @pytest.mark.parametrize("rule", RULES)
    def test_a_colleague_on_cover_is_asked_herself(self, rule: str) -> None:
        """Her own facts count, not those of the colleague whom she stands in for, and she answers for it."""
        one, other = held_by("primary"), held_by("cover", but=rule)
        assert self.judged(rule, one, other) == (NOT_MET, "cover")
        assert self.judged(rule, one, other, gave="primary") == (MET, "primary")

    @pytest.mark.parametrize("rule", RULES)
    def test_what_the_colleague_lacks_does_not_touch_her(self, rule: str) -> None:
        """The other way about: whoever gave the service has all that is asked."""
        one, other = held_by("primary", but=rule), held_by("cover")
        assert self.judged(rule, one, other) == (MET, "cover")

    @pytest.mark.parametrize("rule", RULES)
    @pytest.mark.parametrize("lacking", ["who gave it", "peer_provider"])
    def test_who_gave_it_is_not_known(self, rule: str, lacking: str) -> None:
        """Without who gave the service, or the table of peer providers, nothing is guessed."""
        who = {"peer_provider": None} if lacking == "who gave it" else {}
        without = [lacking] if lacking == "peer_provider" else []
        assert found(rule, contact(**who), family(), without=without).verdict is UNKNOWN

    @pytest.mark.parametrize(
        ("rule", "table"),
        [("staff.certified", "credential")]
        + [("staff.consultant_responsible", table) for table in ("oversight", "license", "clinical_consultant")],
    )
    def test_a_table_that_is_not_given_is_unknown(self, rule: str, table: str) -> None:
        """No table is not no certificate, and not no consultant."""
        others: list[Record] = [qualified()]
        if table in {"license", "clinical_consultant"}:
            others.append(oversight())
        if table == "license":
            others.append(ClinicalConsultant(id="k"))
        finding = found(rule, contact(), admission(), *others, without=[table])
        assert (finding.verdict, finding.reason) == (UNKNOWN, Reason.NO_TABLE)

    @pytest.mark.parametrize("rule", RULES)
    @pytest.mark.parametrize("status", ["scheduled", "not_attended"])
    def test_only_a_contact_that_was_attended_is_a_service(self, rule: str, status: str) -> None:
        """Nobody gave anything yet."""
        assert found(rule, contact(status=status), family()).verdict is NOT_APPLICABLE


def group(*ids: str, **facts: object) -> GroupSession:
    """A session of a group that these people facilitate."""
    usual = {"facilitators": frozenset(ids), "held_on": START}
    return GroupSession(id="g", **{**usual, **facts})  # type: ignore[arg-type]  # any fact of a session


FACILITATORS = st.lists(
    st.fixed_dictionaries(
        {
            "birth_date": dated(BORN),
            "lived_experience": EXPERIENCE,
            "diploma": MAYBE,
            "recovery_since": RECOVERY,
            "two_years_attested_on": near(START),
        }
    ),
    max_size=2,
)
HELD_ON = st.sampled_from([START, None])


class TestGroupFacilitators:
    """S3-56 to 62 and 93: what is asked of a peer provider is asked of whoever facilitates a group."""

    @given(
        FACILITATORS,
        st.lists(st.tuples(dated(START), near(START), st.sampled_from(["k", "other"])), min_size=2, max_size=2),
        st.tuples(st.sampled_from(["lmhp", "ladc", "other", None]), dated(START), near(START)),
        HELD_ON,
    )
    def test_group_facilitators_all_of_them(
        self,
        people: list[dict[str, object]],
        spans: list[tuple[dt.date | None, Moment, str]],
        license_: tuple[str | None, dt.date | None, Moment],
        day: dt.date | None,
    ) -> None:
        """At least one, and each has age, lived experience, diploma and a licensed consultant responsible."""
        ids = [f"f{i}" for i in range(len(people))]
        peers = [peer(id_, **facts) for id_, facts in zip(ids, people, strict=True)]
        over = [
            oversight(f"o{i}", peer_provider=id_, starts_on=start, ends_on=end, consultant=who)
            for i, (id_, (start, end, who)) in enumerate(zip(ids, spans, strict=False))
        ]
        consultants = (*licensed(*license_), ClinicalConsultant(id="other"))
        verdicts = told("group.facilitators", group(*ids, held_on=day), *peers, *over, *consultants)
        type_, valid_from, valid_until = license_
        valid = kleene_and(
            None if type_ is None else type_ != "other", inside(day, valid_from, valid_until, through=True)
        )
        each = [
            kleene_and(
                None if facts["birth_date"] is None or day is None else facts["birth_date"] <= BORN,  # type: ignore[operator]
                present(facts["lived_experience"]),
                facts["diploma"],  # type: ignore[arg-type]
                inside(day, start, end, through=False),
                valid if who == "k" else False,
            )
            for facts, (start, end, who) in zip(people, spans, strict=False)
        ]
        assert verdicts == {"": verdict(kleene_and(bool(people), *each))}

    CLAUSES: tuple[tuple[str, dict[str, object]], ...] = (
        ("age", {"birth_date": BORN + DAY}),
        ("lived experience", {"lived_experience": frozenset()}),
        ("diploma", {"diploma": False}),
        ("a consultant responsible", {}),
    )

    @pytest.mark.parametrize(("clause", "facts"), CLAUSES, ids=[f"group.facilitators-{name}" for name, _ in CLAUSES])
    def test_group_facilitators_the_one_who_lacks_it_is_named(self, clause: str, facts: dict[str, object]) -> None:
        """One of two, by the clause that fails for her."""
        over = [oversight("o1", peer_provider="f1")]
        over += [oversight("o2", peer_provider="f2")] * (clause != "a consultant responsible")
        over.append(oversight("o0", peer_provider="f2", ends_on=START))
        people = (qualified("f1"), qualified("f2", **facts))
        license_ = licensed("lmhp", START, NONE)
        finding = found("group.facilitators", group("f1", "f2"), *people, *over, *license_)
        failed = {each.name: each.failing for each in finding.clauses if each.verdict is NOT_MET}
        assert (finding.verdict, failed) == (NOT_MET, {clause: (("peer_provider", "f2"),)})

    def test_group_facilitators_without_a_license_of_the_consultant(self) -> None:
        """The one whose consultant holds none is named by that clause."""
        over = [oversight("o1", peer_provider="f1"), oversight("o2", peer_provider="f2", consultant="other")]
        others = (*over, *licensed("lmhp", START, NONE), ClinicalConsultant(id="other"))
        finding = found("group.facilitators", group("f1", "f2"), qualified("f1"), qualified("f2"), *others)
        failed = {each.name: each.failing for each in finding.clauses if each.verdict is NOT_MET}
        assert (finding.verdict, failed) == (NOT_MET, {"a license in force": (("peer_provider", "f2"),)})

    @pytest.mark.parametrize("type_", [*LICENSES, "other"], ids=lambda type_: f"group.facilitators-{type_}")
    def test_group_facilitators_each_license_from_its_first_day_through_its_last(self, type_: str) -> None:
        """In force on both ends and out on the days beside; what it is limited to is not asked here."""
        first, last = START, START + 100 * DAY
        others = (*licensed(type_, first, last), oversight(), qualified(birth_date=BORN - DAY))
        for day in (first - DAY, first, first + DAY, last - DAY, last, last + DAY):
            verdicts = told("group.facilitators", group("peer", held_on=day), *others)
            assert verdicts == {"": verdict(first <= day <= last and type_ != "other")}

    def test_group_facilitators_a_license_of_a_consultant_who_was_responsible_will_do(self) -> None:
        """As the rule assumes: the one who is responsible that day holds none, the one before her does."""
        before = oversight("o1", ends_on=START)
        now = oversight("o2", starts_on=START, consultant="other")
        others = (*licensed("lmhp", START - 99 * DAY, NONE), ClinicalConsultant(id="other"))
        verdicts = [
            found("group.facilitators", group("peer"), qualified(), *overseen, *others).verdict
            for overseen in ((before, now), (before,), (now,))
        ]
        assert verdicts == [MET, NOT_MET, NOT_MET]

    @given(FACILITATORS, HELD_ON)
    def test_group_facilitators_recovery_of_each_with_experience_of_her_own(
        self, people: list[dict[str, object]], day: dt.date | None
    ) -> None:
        """As of a peer provider who gives any other service, with the same readings."""
        ids = [f"f{i}" for i in range(len(people))]
        peers = [peer(id_, **facts) for id_, facts in zip(ids, people, strict=True)]
        verdicts = told("group.facilitators_recovery", group(*ids, held_on=day), *peers)
        facts = [(each["lived_experience"], each["recovery_since"], each["two_years_attested_on"]) for each in people]
        not_own = [kleene_not(has("own", lived)) for lived, _, _ in facts]  # type: ignore[arg-type]
        years = [recovered(since, attested, day) for _, since, attested in facts]
        days = [recovered_730(since, attested, day) for _, since, attested in facts]
        assert verdicts == {
            "": verdict(kleene_and(*(kleene_or(a, b) for a, b in zip(not_own, years, strict=True)))),
            DAYS_730: verdict(kleene_and(*(kleene_or(a, b) for a, b in zip(not_own, days, strict=True)))),
            CAREGIVERS: verdict(kleene_and(*years)),
        }

    @given(st.lists(CREDENTIALS, max_size=2), HELD_ON)
    def test_group_facilitators_certified_each_of_them(
        self, held: list[list[tuple[str | None, dt.date | None, Moment]]], day: dt.date | None
    ) -> None:
        """Each has a certificate of her own that runs on the day."""
        ids = [f"f{i}" for i in range(len(held))]
        others = [
            credential(f"{id_}-{i}", peer_provider=id_, kind=kind, valid_from=start, valid_until=end)
            for id_, each in zip(ids, held, strict=True)
            for i, (kind, start, end) in enumerate(each)
        ]
        verdicts = told("group.facilitators_certified", group(*ids, held_on=day), *map(peer, ids), *others)
        readings = {"": {"state"}, GRANDFATHERED: {"state", "grandfathered"}}
        assert verdicts == {
            name: verdict(kleene_and(*(certificate(each, day, kinds) for each in held)))
            for name, kinds in readings.items()
        }

    @pytest.mark.parametrize("rule", GROUP_RULES)
    @pytest.mark.parametrize("lacking", ["who facilitates", "peer_provider"])
    def test_who_facilitates_is_not_known(self, rule: str, lacking: str) -> None:
        """Without who they are, or the table of peer providers, nothing is guessed."""
        session = group("f1") if lacking == "peer_provider" else group(facilitators=None)
        without = [lacking] if lacking == "peer_provider" else []
        assert found(rule, session, without=without).verdict is UNKNOWN

    @pytest.mark.parametrize(
        ("rule", "table"),
        [("group.facilitators_certified", "credential")]
        + [("group.facilitators", table) for table in ("oversight", "license", "clinical_consultant")],
    )
    def test_a_table_that_is_not_given_is_unknown(self, rule: str, table: str) -> None:
        """No table is not no certificate, and neither no consultant nor no license."""
        others: list[Record] = [qualified("f1")]
        if table in {"license", "clinical_consultant"}:
            others.append(oversight(peer_provider="f1"))
        if table == "license":
            others.append(ClinicalConsultant(id="k"))
        finding = found(rule, group("f1"), *others, without=[table])
        assert (finding.verdict, finding.reason) == (UNKNOWN, Reason.NO_TABLE)

    @pytest.mark.parametrize("rule", ["staff.certified", "group.facilitators_certified"])
    @pytest.mark.parametrize("kind", ["state", "grandfathered", "other"])
    def test_a_certificate_from_its_first_day_through_its_last(self, rule: str, kind: str) -> None:
        """In force on both ends and out on the days beside; one taken over from before where that reading is chosen."""
        first, last = START, START + 100 * DAY
        held = credential(kind=kind, valid_from=first, valid_until=last)
        for day in (first - DAY, first, first + DAY, last - DAY, last, last + DAY):
            record = contact(starts_at=at(day)) if rule == "staff.certified" else group("peer", held_on=day)
            runs = first <= day <= last
            expected = {"": verdict(runs and kind == "state"), GRANDFATHERED: verdict(runs and kind != "other")}
            assert told(rule, record, admission(), held) == expected

    @pytest.mark.parametrize(("shift", "expected"), [(-1, NOT_MET), (0, MET), (1, MET)])
    def test_group_facilitators_on_the_birthday_and_the_day_of_two_years(self, shift: int, expected: Verdict) -> None:
        """The day before, the day itself, the day after."""
        session, day = group("peer", held_on=START + shift * DAY), START + shift * DAY
        others = (oversight(starts_on=day, ends_on=day + DAY), *licensed("lmhp", day, day))
        assert found("group.facilitators", session, qualified(), *others).verdict is expected
        assert found("group.facilitators_recovery", session, qualified()).verdict is expected

    @pytest.mark.parametrize("rule", ["staff.consultant_responsible", "group.facilitators"])
    @pytest.mark.parametrize(("left", "expected"), [(-1, NOT_MET), (0, NOT_MET), (1, MET)])
    def test_the_day_a_responsibility_ends_is_the_first_without_it(
        self, rule: str, left: int, expected: Verdict
    ) -> None:
        """Half-open: the day before its end is the last day in it."""
        record = contact() if rule == "staff.consultant_responsible" else group("peer")
        others = (qualified(), oversight(ends_on=START + left * DAY), *licensed("lmhp", START - DAY, NONE))
        assert found(rule, record, admission(), *others).verdict is expected


class TestSharedExperience:
    """S3-6: the peer provider shares lived experience with the person."""

    @given(SERVICE, EXPERIENCE)
    def test_assignment_shared_experience_is_of_the_kind(
        self, service: str | None, lived: frozenset[str] | None
    ) -> None:
        """Her own with an individual, as a parent or caregiver with a family; what is not disclosed is unknown."""
        record = Assignment(id="s", peer_provider="peer", admission="a", kind="primary", starts_on=START, ends_on=NONE)
        someone = peer(lived_experience=lived)
        verdicts = told("assignment.shared_experience", record, admission(service=service), someone)
        shared = kleene_or(
            kleene_and(equals(service, "individual"), has("own", lived)),
            kleene_and(equals(service, "family"), has("parent_or_caregiver", lived)),
        )
        assert verdicts == {"": verdict(shared)}

    @pytest.mark.parametrize("table", ["admission", "peer_provider"])
    def test_assignment_shared_experience_without_a_table_is_unknown(self, table: str) -> None:
        """Neither whom it is with nor who it is may be lacking. It is a should: no match is refused for it."""
        record = Assignment(id="s", peer_provider="peer", admission="a", kind="primary", starts_on=START, ends_on=NONE)
        others: list[Record] = [admission()] if table == "peer_provider" else [qualified()]
        finding = found("assignment.shared_experience", record, *others, without=[table])
        assert (finding.verdict, finding.force) == (UNKNOWN, Force.SHOULD)
