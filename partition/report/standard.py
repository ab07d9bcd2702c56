"""The fields of the UK's Algorithmic Transparency Recording Standard (ATRS), in one version of its template.

Source: ATRS template, version 4.0, and the guidance for public sector bodies of 8 May 2025 (GOV.UK, "Algorithmic
Transparency Recording Standard"; Open Government Licence). Numbers and names of fields are the template's.
"""

from __future__ import annotations

VERSION = "4.0"
FIELDS: dict[str, dict[str, str]] = {  # by section, each field's name by its number
    "Metadata": {
        "0.1": "Title",
        "0.2": "Organisation name",
        "0.3": "Phase",
        "0.4": "Region",
        "0.5": "One sentence description",
    },
    "Tier 1: summary": {
        "1.1": "Name",
        "1.2": "Description",
        "1.3": "Website URL",
        "1.4": "Contact email",
    },
    "Tier 2, section 1: owner and responsibility": {
        "2.1.1": "Organisation or department",
        "2.1.2": "Team",
        "2.1.3": "Senior responsible owner",
        "2.1.4": "Third party involvement",
        "2.1.4.1": "Third party",
        "2.1.4.2": "Companies House number",
        "2.1.4.3": "Third party role",
        "2.1.4.4": "Procurement procedure type",
        "2.1.4.5": "Third party data access terms",
    },
    "Tier 2, section 2: description and rationale": {
        "2.2.1": "Detailed description",
        "2.2.2": "Benefits",
        "2.2.3": "Previous process",
        "2.2.4": "Alternatives considered",
    },
    "Tier 2, section 3: deployment context": {
        "2.3.1": "Integration into broader operational process",
        "2.3.2": "Human review",
        "2.3.3": "Frequency and scale of usage",
        "2.3.4": "Required training",
        "2.3.5": "Appeals and review",
    },
    "Tier 2, section 4: tool specification": {
        "2.4.1.1": "System architecture",
        "2.4.1.2": "System-level input",
        "2.4.1.3": "System-level output",
        "2.4.1.4": "Maintenance",
        "2.4.1.5": "Models",
    },
    "Tier 2, section 4.2: model specification": {
        "2.4.2.1": "Model name",
        "2.4.2.2": "Model version",
        "2.4.2.3": "Model task",
        "2.4.2.4": "Model input",
        "2.4.2.5": "Model output",
        "2.4.2.6": "Model architecture",
        "2.4.2.7": "Model performance",
        "2.4.2.8": "Datasets and their purposes",
    },
    "Tier 2, section 4.3: development data": {
        "2.4.3.1": "Development data description",
        "2.4.3.2": "Data modality",
        "2.4.3.3": "Data quantities",
        "2.4.3.4": "Sensitive attributes",
        "2.4.3.5": "Data completeness and representativeness",
        "2.4.3.6": "Data cleaning",
        "2.4.3.7": "Data collection",
        "2.4.3.8": "Data access and storage",
        "2.4.3.9": "Data sharing agreements",
    },
    "Tier 2, section 4.4: operational data": {
        "2.4.4.1": "Data sources",
        "2.4.4.2": "Sensitive attributes",
        "2.4.4.3": "Data processing methods",
        "2.4.4.4": "Data access and storage",
        "2.4.4.5": "Data sharing agreements",
    },
    "Tier 2, section 5: risks, mitigations and impact assessments": {
        "2.5.1": "Impact assessments",
        "2.5.2": "Risks and mitigations",
    },
}
