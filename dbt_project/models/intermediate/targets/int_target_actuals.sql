-- People, each once a year, in what the ledgers say until as_of. Ventures have no ledger yet, so they have no row here.
select
    township_code,
    year,
    'placements' as measure,
    people as actual
from {{ ref('int_placed_people') }}
union all
select
    township_code,
    cast(extract(year from started_on) as integer) as year,
    case when training_type = 'startup' then 'startup_training' else 'skill_training' end as measure,
    count(distinct person_key) as actual
from {{ ref('int_training') }}
where started_on <= {{ as_of() }}
group by
    township_code,
    cast(extract(year from started_on) as integer),
    case when training_type = 'startup' then 'startup_training' else 'skill_training' end
