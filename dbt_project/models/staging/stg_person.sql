select
    person_key,
    household_key,
    stated_sex,
    sex,
    birth_year,
    village,
    education,
    employment_status,
    employment_intent,
    training_intent,
    labour_ability,
    is_disabled,
    school_status,
    hardship_categories,
    hardship_recognised_on,
    registered_on,
    organisation_code,
    _from_submission as from_submission
from {{ source('raw', 'person') }}
where {{ is_known() }}
