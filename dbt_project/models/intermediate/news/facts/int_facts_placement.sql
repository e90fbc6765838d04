-- What the placement ledger can be asked: spells begun, public-welfare posts taken up, people in work on a day.
select
    'placement' as figure,
    district_code,
    township_code,
    person_key as item_key,
    1 as amount,
    started_on as first_on,
    started_on as last_on
from {{ ref('int_placements') }}
union all
select
    'public_post' as figure,
    district_code,
    township_code,
    person_key as item_key,
    1 as amount,
    started_on as first_on,
    started_on as last_on
from {{ ref('int_placements') }}
where is_public_post
union all
select
    'at_work' as figure,
    district_code,
    township_code,
    person_key as item_key,
    1 as amount,
    started_on as first_on,
    effective_end_on as last_on
from {{ ref('int_employment_spells') }}
