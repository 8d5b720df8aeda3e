"""The published facts that the demo matches, and the inequalities planted in it for readers to find.

Each constant states its reason. Facts name their source; planted numbers are invented and marked so. Money is in US
dollars, shares are between 0 and 1, durations are in days unless stated otherwise.
"""

from __future__ import annotations

from datetime import date

DELIVERIES = (date(2022, 10, 7), date(2024, 6, 28), date(2026, 11, 13))
NOTE = (
    "Synthetic data: made for demonstration. No row describes a real resident, employer, provider or payment; "
    "only the published totals are real."
)

# --- Facts -----------------------------------------------------------------------------------------------

# "1,108 Connecticut residents have enrolled" by October 7, 2022, applications since August (Governor's announcement of
# October 11, 2022). A demo under 3,000 residents has no room for that many: it gets a proportional number.
ENROLLED_BY_OCTOBER_2022 = 1_108
FEWEST_RESIDENTS_FOR_1108 = 3_000
CAREERCONNECT_OPENS = date(2022, 8, 1)
OCTOBER_2022 = date(2022, 10, 7)

# "Almost 8,000" residents in May 2025, and 77% of those who finished employed (published in May 2025).
MAY_2025 = date(2025, 5, 31)
ENROLLED_BY_MAY_2025 = 8_000
EMPLOYED_OF_COMPLETED = 0.77
EMPLOYED_OF_WITHDRAWN = 0.72  # invented: brings all exits to about 76%

# $70 million of American Rescue Plan money over four years (Governor, October 11, 2022).
CAREERCONNECT_DOLLARS = 70_000_000
# State and Local Fiscal Recovery Funds: obligate by December 31, 2024, expend by December 31, 2026.
EXPEND_BY = date(2026, 12, 31)
OBLIGATED_DOLLARS = 68_900_000  # invented: nearly everything, as for most recipients
EXPENDED_DOLLARS = 58_000_000  # invented: at the last delivery, some of it is going to lapse
ALLOCATION_SHARES = {  # invented split of the four years; nothing may be obligated before it is allocated
    date(2022, 2, 14): 0.16,
    date(2022, 7, 1): 0.26,
    date(2023, 1, 17): 0.34,
    date(2024, 1, 16): 0.228,
    date(2025, 1, 15): 0.012,
}

# SkillUp CT opened in May 2020, was widened by 180 Skills in June and to students in summer; the jobs portal opened on
# June 17, 2020 (CBIA, June 2020). The days in May and August are assumptions.
SKILLUP_OPENS = date(2020, 5, 11)
BACK_TO_WORK_OPENS = date(2020, 6, 17)
STUDENTS_FROM = date(2020, 8, 17)

# --- Size and mix (invented, at 12,000 residents; other sizes keep the proportions) ----------------------

DEFAULT_RESIDENTS = 12_000
FEWEST_RESIDENTS = 50  # with fewer, a table of the first delivery would be empty, which is refused
CAREERCONNECT_RESIDENTS = 9_300
BACK_TO_WORK_FIRST_RESIDENTS = 550  # in Back to Work only
# About 1 resident in 12 has several enrollments.
ALSO_SKILLUP = 0.066
ALSO_BACK_TO_WORK = {"CareerConneCT": 0.017, "SkillUp CT": 0.036}
CAREERCONNECT_AGAIN = 0.019
MOVES_BETWEEN_ENROLLMENTS = 0.25

INTAKE_RATE = 0.78  # applied to enrolled
TOWN_MISSING = 0.02  # then the region is filled in
REFERRED_BY_BOARD, REFERRED_BY_NOBODY = 0.55, 0.03

SECTORS = (
    "Manufacturing",
    "Healthcare",
    "Information technology",
    "CDL licensing",
    "Green jobs",
    "Infrastructure and construction",
    "Life sciences",
    "Business services",
)
NO_SECTOR = -1
INITIATIVES = ("CareerConneCT", "SkillUp CT", "Back to Work")
SECTOR_SHARES = {  # in the order of SECTORS; the rest to 1 has no sector (digital literacy)
    "CareerConneCT": (0.19, 0.24, 0.14, 0.12, 0.06, 0.09, 0.06, 0.10),
    "SkillUp CT": (0.27, 0.0, 0.30, 0.0, 0.0, 0.0, 0.0, 0.31),
    "Back to Work": (0.35, 0.20, 0.0, 0.0, 0.0, 0.0, 0.0, 0.45),
}
NEXT_SECTOR = (4, 6, 7, 5, 0, 3, 1, 2)  # the sector of a second enrollment that is not in the first one's sector
REGION_TILT = {"Northwest": 0.92, "North Central": 1.10, "South Central": 1.0, "Southwest": 0.93, "Eastern": 1.08}

# --- Groups ----------------------------------------------------------------------------------------------

# Race, disability and sex as in Connecticut's own WIOA records for program year 2022; the other four are invented.
NOT_DISCLOSED = {
    "bipoc": 0.23, "disability": 0.07, "reentry": 0.09, "opportunity_youth": 0.04,
    "veteran": 0.06, "immigrant": 0.12, "woman": 0.05,
}  # fmt: skip
WOMAN_BY_SECTOR = (0.28, 0.78, 0.40, 0.20, 0.30, 0.16, 0.56, 0.66)
WOMAN_WITHOUT_SECTOR = 0.58
BIPOC_OVER_BENCHMARK = 1.15
BIPOC_OF_IMMIGRANTS = 0.70  # immigrants are more often BIPOC
REENTRY_OF_MEN, REENTRY_OF_WOMEN = 0.115, 0.035
OPPORTUNITY_YOUTH = 0.09
OPPORTUNITY_YOUTH_IF_BIPOC = 0.12

# --- Outcomes (invented) ---------------------------------------------------------------------------------

COMPLETES_BY_SECTOR = (0.79, 0.83, 0.77, 0.74, 0.79, 0.74, 0.82, 0.82)
COMPLETES_WITHOUT_SECTOR = 0.76
EXCLUDED_EXITS = 0.01
NEVER_EXITS = 0.015  # the exit was never reported
NEVER_STARTS_OF_WITHDRAWN = 0.08
CREDENTIAL_OF_COMPLETED, CREDENTIAL_OF_WITHDRAWN = 0.86, 0.03
STACKABLE, STACKABLE_IN_MANUFACTURING = 0.25, 0.72
EMPLOYED_OUTSIDE_CAREERCONNECT = 0.68
EMPLOYED_LAG_MEAN = 27.0  # from exit to first day at work
# Wage records arrive about 45 days after a quarter ends; some residents never appear in them.
WAGE_RECORD_DELAY = 45
WAGE_RECORD_NEVER = 0.06
IN_QUARTER = {"q2": (0.89, 0.30), "q4": (0.85, 0.38)}  # if placed, if not placed
WAGE_KNOWN = 0.70
WAGE_BEFORE_BY_SECTOR = (17.6, 16.2, 18.9, 17.4, 16.8, 17.9, 18.2, 17.1)
WAGE_GAIN_BY_SECTOR = (4.4, 3.4, 5.2, 6.2, 4.0, 5.0, 4.8, 3.0)
LOWEST_WAGE = 13.0
WAGE_GAIN_LESS = {"woman": 0.5, "bipoc": 0.4}
CHILD_CARE_OF_WOMEN, CHILD_CARE_OF_MEN = 0.24, 0.08
TRANSPORTATION, TRANSPORTATION_RURAL = 0.20, 0.29
TECHNOLOGY, TECHNOLOGY_IN_IT = 0.13, 0.30
SUPPORT_OUTSIDE_CAREERCONNECT = 0.25  # of the chance inside it

# --- Planted inequalities (invented; readers should be able to find each) --------------------------------

# 1. Women complete much less than men in CDL licensing and in infrastructure and construction: 52% against 74%.
WOMEN_COMPLETE_LESS_IN = {"CDL licensing": 0.52, "Infrastructure and construction": 0.52}
# 2. Northwest enrolls about half as many immigrants as its population would suggest.
IMMIGRANT_OVER_BENCHMARK = {"Northwest": 0.5}  # every other region: 1.0
# 3. People with disabilities are under-enrolled statewide (11% of residents, ACS) and placed less often.
DISABILITY = 0.055
DISABILITY_PLACED_LESS = 0.10
# 4. Child care helps: residents who receive it complete about nine points more often.
CHILD_CARE_HELPS = 0.09
CHILD_CARE_REACH = 0.14  # the share around which the help is centered
# 5. Veterans complete less overall only because so many are in CDL licensing; within a sector there is no difference.
VETERAN_BY_SECTOR = (0.05, 0.025, 0.05, 0.30, 0.05, 0.07, 0.03, 0.035)
VETERAN_WITHOUT_SECTOR = 0.03
# 6. Residents in re-entry who apply are less often enrolled: about 63% against 79%.
REENTRY_OVER_AMONG_NOT_ENROLLED = 2.2

# --- Late corrections from one delivery to the next (invented) -------------------------------------------

EXIT_DATE_MOVED = 0.004
CREDENTIAL_REPORTED_LATE = 0.015

# --- Defects (invented; under 1% of every table) ---------------------------------------------------------

DEFECT_SHARE = 0.0035
DUPLICATE_SHARE = 0.0012

# --- Equity targets (invented: none has been published; each entry is a target as set on a day) -----------

EQUITY_TARGETS: tuple[dict[str, str], ...] = (
    {"measure": "participation_share", "group_id": "woman", "set_on": "2022-09-01", "value": "0.45",
     "reason": "First target: nearer to the half of residents who are women"},
    {"measure": "participation_share", "group_id": "woman", "set_on": "2024-01-15", "value": "0.48",
     "reason": "Raised when health care programs grew and the first target came within reach"},
    {"measure": "participation_share", "group_id": "disability", "set_on": "2022-09-01", "value": "0.09",
     "reason": "First target: on the way to the 11% of residents with a disability"},
    {"measure": "participation_share", "group_id": "immigrant", "region": "Northwest", "set_on": "2023-03-01",
     "value": "0.16", "reason": "First target: the share of residents born abroad in Northwest"},
    {"measure": "participation_share", "group_id": "immigrant", "region": "Northwest", "set_on": "2024-06-03",
     "value": "0.12", "reason": "Lowered for a first step while classes in other languages are set up"},
    {"measure": "participation_share", "group_id": "immigrant", "region": "Northwest", "set_on": "2025-07-01",
     "value": "0.14", "reason": "Raised again after the first classes had begun"},
    {"measure": "completion_rate", "group_id": "woman", "set_on": "2023-07-01", "value": "0.8",
     "reason": "First target: as often as all residents complete"},
)  # fmt: skip
