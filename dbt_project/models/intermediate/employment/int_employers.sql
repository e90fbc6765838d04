with spells as (
    select
        *,
        row_number() over (
            partition by employer_key
            order by case when employer_kind is null then 1 else 0 end, started_on desc, placement_key asc
        ) as place
    from {{ ref('int_placements') }}
    where employer_key is not null
)

select
    employer_key,
    max(employer_name) as employer_name,
    max(case when place = 1 then employer_kind end) as employer_kind,
    min(started_on) as first_placement_on,
    max(started_on) as last_placement_on
from spells
group by employer_key
