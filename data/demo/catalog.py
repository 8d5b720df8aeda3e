"""Invented programs, providers, courses and employers. Every provider and employer says "(demo)" in its name."""

from __future__ import annotations

from dataclasses import dataclass

from data.demo.plan import NO_SECTOR

MAKE, CARE, TECH, DRIVE, GREEN, BUILD, SCIENCE, OFFICE = range(8)  # sector codes: places in plan.SECTORS


@dataclass(frozen=True)
class Program:
    """One training program: a sector of NO_SECTOR has none, weeks are planned weeks, home is where most seats are."""

    name: str
    provider: str
    initiative: str
    sector: int
    weeks: int
    home: str | None  # None: the whole state
    credential: str
    seats: float = 1.0


def _p(
    sector: int, name: str, provider: str, weeks: int, home: str | None, credential: str, seats: float = 1.0
) -> Program:
    return Program(name, f"{provider} (demo)", "CareerConneCT", sector, weeks, home, credential, seats)


def _online(initiative: str, sector: int, name: str, provider: str, weeks: int, credential: str) -> Program:
    return Program(name, f"{provider} (demo)", initiative, sector, weeks, None, credential)


PROGRAMS = (
    _p(MAKE, "CNC machining basics", "Riverbend Training Center", 10, "North Central", "CNC operator", 1.4),
    _p(MAKE, "Welding foundations", "Iron Lantern Trades School", 12, "Eastern", "Entry welder"),
    _p(MAKE, "Precision assembly", "Brass Valley Skills Works", 8, "Northwest", "Precision assembler"),
    _p(MAKE, "Quality and measurement", "Riverbend Training Center", 6, "South Central", "Quality technician"),
    _p(MAKE, "Marine pipefitting start", "Tidewater Skills Yard", 9, "Eastern", "Pipefitting helper", 0.8),
    _p(CARE, "Certified nurse aide", "Maple Ridge Health Academy", 6, "North Central", "Nurse aide", 1.6),
    _p(CARE, "Phlebotomy technician", "Elm Street Care Institute", 8, "South Central", "Phlebotomy technician"),
    _p(CARE, "Medical billing and coding", "Harborlight Career School", 11, "Southwest", "Medical coder"),
    _p(CARE, "Patient care technician", "Maple Ridge Health Academy", 10, "Northwest", "Patient care technician"),
    _p(CARE, "Pharmacy technician", "Quiet River Health School", 9, "Eastern", "Pharmacy technician", 0.8),
    _p(TECH, "IT help desk", "Blue Heron Tech Studio", 9, "Southwest", "IT support", 1.4),
    _p(TECH, "Cybersecurity essentials", "Stonebridge Code School", 12, "North Central", "Security analyst"),
    _p(TECH, "Web development intensive", "Stonebridge Code School", 16, "South Central", "Web developer", 0.8),
    _p(TECH, "Data analytics starter", "Blue Heron Tech Studio", 10, None, "Data technician"),
    _p(DRIVE, "CDL class A", "Open Mile Driving School", 6, "North Central", "CDL class A", 1.5),
    _p(DRIVE, "CDL class B", "Open Mile Driving School", 5, "South Central", "CDL class B"),
    _p(DRIVE, "CDL class A, evenings", "Long Hill Transport Academy", 9, "Southwest", "CDL class A", 0.8),
    _p(GREEN, "Solar installation", "Bright Meadow Energy School", 7, "South Central", "Solar installer"),
    _p(GREEN, "Weatherization and efficiency", "Bright Meadow Energy School", 6, "Northwest", "Building analyst", 0.8),
    _p(GREEN, "Offshore wind readiness", "Tidewater Skills Yard", 8, "Eastern", "Wind safety", 0.7),
    _p(BUILD, "Construction readiness", "Cornerstone Trades Hall", 8, "Southwest", "Site safety and skills", 1.3),
    _p(BUILD, "Electrical helper", "Copperline Trades Hall", 10, "North Central", "Electrical helper"),
    _p(BUILD, "Road and bridge crew", "Cornerstone Trades Hall", 7, None, "Highway crew", 0.8),
    _p(SCIENCE, "Lab technician", "Greenglass Science Center", 12, "South Central", "Lab technician", 1.2),
    _p(SCIENCE, "Biomanufacturing basics", "Greenglass Science Center", 9, "Southwest", "Biomanufacturing technician"),
    _p(OFFICE, "Office and customers", "Two Rivers Business School", 6, "North Central", "Office specialist", 1.2),
    _p(OFFICE, "Bookkeeping", "Two Rivers Business School", 8, "Northwest", "Bookkeeper"),
    _p(OFFICE, "Insurance and finance start", "Silver Birch Institute", 9, None, "Insurance assistant"),
    _online("SkillUp CT", TECH, "Metrix: information technology", "SkillUp Online Desk", 10, "IT learning"),
    _online("SkillUp CT", OFFICE, "Metrix: business analysis", "SkillUp Online Desk", 8, "Business analysis"),
    _online("SkillUp CT", OFFICE, "Metrix: project management", "SkillUp Online Desk", 9, "Project management"),
    _online("SkillUp CT", MAKE, "180 Skills: manufacturing", "SkillUp Factory Floor", 7, "Manufacturing credit"),
    _online("SkillUp CT", NO_SECTOR, "Metrix: digital literacy", "SkillUp Online Desk", 6, "Digital literacy"),
    _online("Back to Work", MAKE, "Back to Work: production", "Portal Partners", 6, "Production readiness"),
    _online("Back to Work", CARE, "Back to Work: care", "Portal Partners", 6, "Care readiness"),
    _online("Back to Work", OFFICE, "Back to Work: office", "Second Shift Learning", 5, "Office readiness"),
)  # fmt: skip

# Recipients of awards beside the training providers: one supports fund a region, outreach, administration.
SUPPORTS_RECIPIENT = "{region} Family Supports Fund (demo)"
OUTREACH_RECIPIENTS = ("Open Door Outreach (demo)", "Town Green Messages (demo)")
ADMINISTRATION_RECIPIENT = "Workforce Program Administration (demo)"
PURCHASE_RECIPIENTS = ("Paper Lantern Supplies (demo)", "Hill Road Rentals (demo)", "Lighthouse Print Shop (demo)")
TREASURY_RECIPIENT = "State appropriation (demo)"

COURSES = {
    "Information technology": (
        "Networks, first steps",
        "Cloud basics",
        "Databases and queries",
        "Safe systems",
        "Scripting",
    ),
    "Business analysis": ("Asking good questions", "Requirements that hold", "Charts for decisions", "Process mapping"),
    "Project management": ("Planning a project", "Risks and registers", "Working in sprints", "Budgets on track"),
    "Digital literacy": ("Files and folders", "Email at work", "Online meetings", "Staying safe online"),
    "Office skills": ("Spreadsheets 1", "Spreadsheets 2", "Writing at work", "Slides that help"),
    "Manufacturing": (
        "Shop math",
        "Blueprint reading",
        "Measuring tools",
        "Safety on the floor",
        "Lean basics",
        "CNC theory",
    ),
}
SUBJECT_WEIGHTS = (0.26, 0.13, 0.14, 0.16, 0.13, 0.18)  # in the order of COURSES; the last is 180 Skills

_FIRST = ("Amber", "Birchwood", "Cedar", "Driftwood", "Evergreen", "Foxglove", "Granite", "Hazel", "Juniper",
          "Kestrel", "Larkspur", "Meadow", "Northwind", "Orchard", "Pinecone", "Quarry", "Redwing", "Saltmarsh",
          "Thistle", "Willow")  # fmt: skip
_SECOND = {
    MAKE: ("Machine Works", "Fabricators", "Precision Parts", "Tool Company"),
    CARE: ("Care Homes", "Family Clinic", "Nursing Partners", "Rehab Center"),
    TECH: ("Software", "Networks", "Data Services", "Systems"),
    DRIVE: ("Freight Lines", "Bus Company", "Haulers", "Delivery"),
    GREEN: ("Solar", "Energy Partners", "Weatherizers", "Recycling"),
    BUILD: ("Builders", "Paving", "Electric", "Bridge Works"),
    SCIENCE: ("Labs", "Biologics", "Diagnostics", "Therapeutics"),
    OFFICE: ("Insurance Services", "Office Group", "Payroll", "Customer Care"),
}
EMPLOYERS = {
    sector: tuple(f"{first} {second} (demo)" for second in seconds for first in _FIRST)
    for sector, seconds in _SECOND.items()
}
