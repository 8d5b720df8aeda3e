"""Invented programs, providers, courses and employers. Every provider and employer has "(demo)" in its name."""

from __future__ import annotations

from dataclasses import dataclass

from data.demo.plan import NO_SECTOR

MAKE, CARE, TECH, DRIVE, GREEN, BUILD, SCIENCE, OFFICE = range(8)  # sector codes: positions in plan.SECTORS


@dataclass(frozen=True)
class Program:
    """A training program.

    Attributes:
        name: Its name.
        provider: Who gives the training.
        initiative: Who pays.
        sector: A sector code, or NO_SECTOR.
        weeks: Planned duration.
        home: The region with most seats; None for the entire state.
        credential: What graduates earn.
        seats: Relative size.
    """

    name: str
    provider: str
    initiative: str
    sector: int
    weeks: int
    home: str | None
    credential: str
    seats: float = 1.0


def _careerconnect(
    sector: int, name: str, provider: str, *, weeks: int, home: str | None, credential: str, seats: float = 1.0
) -> Program:
    return Program(name, f"{provider} (demo)", "CareerConneCT", sector, weeks, home, credential, seats)


def _online(initiative: str, sector: int, name: str, provider: str, *, weeks: int, credential: str) -> Program:
    return Program(name, f"{provider} (demo)", initiative, sector, weeks, None, credential)


PROGRAMS = (
    _careerconnect(MAKE, "CNC machining basics", "Riverbend Training Center", weeks=10, home="North Central", credential="CNC operator", seats=1.4),
    _careerconnect(MAKE, "Welding foundations", "Iron Lantern Trades School", weeks=12, home="Eastern", credential="Entry welder"),
    _careerconnect(MAKE, "Precision assembly", "Brass Valley Skills Works", weeks=8, home="Northwest", credential="Precision assembler"),
    _careerconnect(MAKE, "Quality and measurement", "Riverbend Training Center", weeks=6, home="South Central", credential="Quality technician"),
    _careerconnect(MAKE, "Marine pipefitting start", "Tidewater Skills Yard", weeks=9, home="Eastern", credential="Pipefitting helper", seats=0.8),
    _careerconnect(CARE, "Certified nurse aide", "Maple Ridge Health Academy", weeks=6, home="North Central", credential="Nurse aide", seats=1.6),
    _careerconnect(CARE, "Phlebotomy technician", "Elm Street Care Institute", weeks=8, home="South Central", credential="Phlebotomy technician"),
    _careerconnect(CARE, "Medical billing and coding", "Harborlight Career School", weeks=11, home="Southwest", credential="Medical coder"),
    _careerconnect(CARE, "Patient care technician", "Maple Ridge Health Academy", weeks=10, home="Northwest", credential="Patient care technician"),
    _careerconnect(CARE, "Pharmacy technician", "Quiet River Health School", weeks=9, home="Eastern", credential="Pharmacy technician", seats=0.8),
    _careerconnect(TECH, "IT help desk", "Blue Heron Tech Studio", weeks=9, home="Southwest", credential="IT support", seats=1.4),
    _careerconnect(TECH, "Cybersecurity essentials", "Stonebridge Code School", weeks=12, home="North Central", credential="Security analyst"),
    _careerconnect(TECH, "Web development intensive", "Stonebridge Code School", weeks=16, home="South Central", credential="Web developer", seats=0.8),
    _careerconnect(TECH, "Data analytics starter", "Blue Heron Tech Studio", weeks=10, home=None, credential="Data technician"),
    _careerconnect(DRIVE, "CDL class A", "Open Mile Driving School", weeks=6, home="North Central", credential="CDL class A", seats=1.5),
    _careerconnect(DRIVE, "CDL class B", "Open Mile Driving School", weeks=5, home="South Central", credential="CDL class B"),
    _careerconnect(DRIVE, "CDL class A, evenings", "Long Hill Transport Academy", weeks=9, home="Southwest", credential="CDL class A", seats=0.8),
    _careerconnect(GREEN, "Solar installation", "Bright Meadow Energy School", weeks=7, home="South Central", credential="Solar installer"),
    _careerconnect(GREEN, "Weatherization and efficiency", "Bright Meadow Energy School", weeks=6, home="Northwest", credential="Building analyst", seats=0.8),
    _careerconnect(GREEN, "Offshore wind readiness", "Tidewater Skills Yard", weeks=8, home="Eastern", credential="Wind safety", seats=0.7),
    _careerconnect(BUILD, "Construction readiness", "Cornerstone Trades Hall", weeks=8, home="Southwest", credential="Site safety and skills", seats=1.3),
    _careerconnect(BUILD, "Electrical helper", "Copperline Trades Hall", weeks=10, home="North Central", credential="Electrical helper"),
    _careerconnect(BUILD, "Road and bridge crew", "Cornerstone Trades Hall", weeks=7, home=None, credential="Highway crew", seats=0.8),
    _careerconnect(SCIENCE, "Lab technician", "Greenglass Science Center", weeks=12, home="South Central", credential="Lab technician", seats=1.2),
    _careerconnect(SCIENCE, "Biomanufacturing basics", "Greenglass Science Center", weeks=9, home="Southwest", credential="Biomanufacturing technician"),
    _careerconnect(OFFICE, "Office and customers", "Two Rivers Business School", weeks=6, home="North Central", credential="Office specialist", seats=1.2),
    _careerconnect(OFFICE, "Bookkeeping", "Two Rivers Business School", weeks=8, home="Northwest", credential="Bookkeeper"),
    _careerconnect(OFFICE, "Insurance and finance start", "Silver Birch Institute", weeks=9, home=None, credential="Insurance assistant"),
    _online("SkillUp CT", TECH, "Metrix: information technology", "SkillUp Online Desk", weeks=10, credential="IT learning"),
    _online("SkillUp CT", OFFICE, "Metrix: business analysis", "SkillUp Online Desk", weeks=8, credential="Business analysis"),
    _online("SkillUp CT", OFFICE, "Metrix: project management", "SkillUp Online Desk", weeks=9, credential="Project management"),
    _online("SkillUp CT", MAKE, "180 Skills: manufacturing", "SkillUp Factory Floor", weeks=7, credential="Manufacturing credit"),
    _online("SkillUp CT", NO_SECTOR, "Metrix: digital literacy", "SkillUp Online Desk", weeks=6, credential="Digital literacy"),
    _online("Back to Work", MAKE, "Back to Work: production", "Portal Partners", weeks=6, credential="Production readiness"),
    _online("Back to Work", CARE, "Back to Work: care", "Portal Partners", weeks=6, credential="Care readiness"),
    _online("Back to Work", OFFICE, "Back to Work: office", "Second Shift Learning", weeks=5, credential="Office readiness"),
)  # fmt: skip

# Award recipients other than training providers: one supports fund for each region, outreach, administration.
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
