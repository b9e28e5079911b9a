"""The badge templates of the demo: what Credly would hold of them."""

from dataclasses import dataclass

from portal.demo.pictures import Look


@dataclass(frozen=True)
class TemplateData:
    """Name, description, what must be done for it, what it proves, and its picture."""

    name: str
    description: str
    criteria: tuple[str, ...]
    skills: tuple[str, ...]
    look: Look


INSTITUTE = (
    TemplateData(
        "Coastal Navigation",
        "Plans a day's passage along the coast and finds the boat's position without a screen.",
        ("Plan a passage of at least 20 nautical miles", "Fix a position by three bearings"),
        ("Navigation", "Passage Planning", "Chartwork"),
        Look("hexagon", "sea", "compass"),
    ),
    TemplateData(
        "Knots and Ropework",
        "Ties the eight knots that every crew relies on, in the dark and with cold hands.",
        ("Tie eight knots in two minutes", "Choose the right knot for five tasks"),
        ("Ropework", "Seamanship"),
        Look("circle", "pine", "knot"),
    ),
    TemplateData(
        "Chart Reading",
        "Reads depths, dangers, lights and marks from a chart and knows how old its facts are.",
        ("Explain thirty chart symbols", "Correct a chart from two notices"),
        ("Chartwork", "Navigation"),
        Look("shield", "plum", "route"),
    ),
    TemplateData(
        "Marine Radio Operator",
        "Calls, listens and asks for help on VHF, in words that everybody on the channel knows.",
        ("Make a routine call", "Make a distress call in the simulator"),
        ("VHF Radio", "Emergency Communication"),
        Look("hexagon", "brick", "radio"),
    ),
    TemplateData(
        "First Aid Afloat",
        "Keeps somebody safe until help comes, on a deck that moves.",
        ("Treat hypothermia", "Show resuscitation for two minutes", "Call for medical advice"),
        ("First Aid", "Emergency Response"),
        Look("shield", "rose", "cross"),
    ),
    TemplateData(
        "Harbour Safety",
        "Works on quays and pontoons without harm: gates, cranes, fuel, fire and cold water.",
        ("Walk the safety round", "Pass the written questions"),
        ("Workplace Safety", "Fire Prevention"),
        Look("hexagon", "slate", "lighthouse"),
    ),
    TemplateData(
        "Weather for Sailors",
        "Reads forecast and sky, and decides in time to stay in the harbour.",
        ("Keep a weather log for a week", "Interpret three synoptic charts"),
        ("Meteorology", "Decision Making"),
        Look("circle", "ink", "weather"),
    ),
    TemplateData(
        "Diesel Engine Care",
        "Keeps a small diesel running, and gets it going again when it stops.",
        ("Change filters and impeller", "Bleed the fuel system"),
        ("Engine Maintenance", "Troubleshooting"),
        Look("star", "amber", "gear"),
    ),
    TemplateData(
        "Crew Leadership",
        "Leads a small crew: clear words, rest for everybody, and a plan that all of them know.",
        ("Lead a crew for a day", "Hold a debriefing"),
        ("Leadership", "Communication", "Teamwork"),
        Look("star", "plum", "helm"),
    ),
    TemplateData(
        "Boat Handling under Power",
        "Brings a motor boat to the quay and away from it, in wind and current.",
        ("Berth on either side", "Turn in a narrow basin", "Pick up a buoy"),
        ("Boat Handling", "Seamanship"),
        Look("circle", "sea", "anchor"),
    ),
    TemplateData(
        "Tide Tables by Hand",
        "Works out the height of the tide with a table, a pencil and the rule of twelfths.",
        ("Work out six heights", "Find the window for a bar crossing"),
        ("Tidal Calculation", "Navigation"),
        Look("shield", "pine", "tide"),
    ),
    TemplateData(
        "Night Passage",
        "Keeps watch through the night and knows every light that is seen.",
        ("Keep a night watch of four hours", "Identify twenty light patterns"),
        ("Watchkeeping", "Navigation"),
        Look("star", "ink", "moon"),
    ),
    TemplateData(
        "Rope Hand",
        "Knows enough ropework to be trusted with the lines of a boat.",
        ("Earn three credits in ropework",),
        ("Ropework",),
        Look("hexagon", "amber", "knot"),
    ),
    TemplateData(
        "Coastal Navigator",
        "Navigates along the coast by chart, weather and tide.",
        ("Complete the path of the coastal skipper",),
        ("Navigation",),
        Look("star", "sea", "compass"),
    ),
    TemplateData(
        "Coastal Skipper",
        "Takes a boat and its crew along the coast and back again.",
        ("Complete every section of the path",),
        ("Navigation", "Seamanship", "Leadership"),
        Look("shield", "sea", "helm"),
    ),
    TemplateData(
        "Harbour Safety Certificate",
        "Has shown this year that they work safely on the quay and give first aid.",
        ("Complete the induction", "Complete the first aid course", "Renew it every year"),
        ("Safety", "First Aid"),
        Look("shield", "brick", "lighthouse"),
    ),
    TemplateData(
        "Radio Licence Holder",
        "Holds a marine radio licence of an authority that we recognise.",
        ("Show the licence",),
        ("Radio",),
        Look("circle", "slate", "radio"),
    ),
    TemplateData(
        "Welcome Aboard",
        "Has come to know the institute, its people and its quays.",
        ("Work through the introduction",),
        ("Teamwork",),
        Look("circle", "rose", "anchor"),
    ),
    TemplateData(
        "Proven on the Water",
        "Has shown an instructor, for a whole morning, that boat and crew come home safely.",
        ("Pass the practical assessment",),
        ("Seamanship", "Judgement"),
        Look("star", "pine", "sail"),
    ),
)

SANDBOX = (
    TemplateData(
        "Signal Flags",
        "Spells, reads and hoists the forty flags of the international code.",
        ("Read twenty hoists",),
        ("Signalling",),
        Look("circle", "amber", "flags"),
    ),
)

EVENING = (
    TemplateData(
        "Boatbuilding in Wood",
        "Builds a plywood dinghy from a plan: marks out, cuts, glues, planes and paints.",
        ("Finish the hull", "Launch the boat"),
        ("Woodworking", "Reading Plans"),
        Look("hexagon", "pine", "sail"),
    ),
)
