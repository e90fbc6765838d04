select
    recognised_year,
    household_key,
    village,
    household_type,
    monitored_kind,
    is_relocated,
    settlement,
    is_disabled,
    poverty_status,
    member_count,
    labour_count,
    willing_count,
    employed_count,
    not_employed_count,
    identified_on,
    eliminated_on,
    measures,
    wage_income,
    organisation_code,
    _from_submission as from_submission
from {{ source('raw', 'household') }}
where {{ is_known() }}
