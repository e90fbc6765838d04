{{ config(materialized='ephemeral', changed_in=['int_placements', 'int_employment_spells']) }}

{#
    Months that a person has spent on public-welfare posts, each calendar month once, against the limit of the place. An
    open spell counts to the day for which its ledger speaks.
#}
with months as (
    select distinct
        placements.person_key,
        months.month_no
    from {{ ref('int_placements') }} as placements
    inner join {{ ref('int_employment_spells') }} as spells
        on placements.person_key = spells.person_key and placements.placement_key = spells.placement_key
    inner join {{ ref('int_months') }} as months
        on months.month_no between placements.started_month_no and {{ month_no('spells.reaches_on') }}
    where
        placements.is_public_post
        and {{ in_scope('placements.person_key') }}
        and {{ in_scope('spells.person_key') }}
),

counted as (
    select
        person_key,
        count(*) as months_served
    from months
    group by person_key
),

posts as (
    select
        placements.person_key,
        placements.district_code,
        placements.township_code,
        min(placements.started_on) over (partition by placements.person_key) as first_started_on,
        placements.started_on as last_started_on,
        spells.is_open,
        row_number() over (
            partition by placements.person_key
            order by placements.started_on desc, placements.placement_key asc
        ) as place
    from {{ ref('int_placements') }} as placements
    inner join {{ ref('int_employment_spells') }} as spells
        on placements.person_key = spells.person_key and placements.placement_key = spells.placement_key
    where
        placements.is_public_post
        and {{ in_scope('placements.person_key') }}
        and {{ in_scope('spells.person_key') }}
),

limits as (
    select
        posts.person_key,
        parameters.value as months_max,
        row_number() over (
            partition by posts.person_key
            order by length(parameters.area_code) desc, parameters.valid_from desc nulls last
        ) as place
    from posts
    inner join {{ ref('int_dated_parameters') }} as parameters
        on
            parameters.parameter = 'public_post_months_max'
            and substr(posts.district_code, 1, length(parameters.area_code)) = parameters.area_code
            and coalesce(posts.first_started_on >= parameters.valid_from, true)
            and coalesce(posts.first_started_on <= parameters.valid_to, true)
    where posts.place = 1
)

select
    posts.person_key,
    posts.district_code,
    posts.township_code,
    posts.first_started_on,
    posts.last_started_on,
    posts.is_open,
    cast(counted.months_served as integer) as months_served,
    cast(limits.months_max as integer) as months_max
from posts
inner join counted on posts.person_key = counted.person_key
left join limits on posts.person_key = limits.person_key and limits.place = 1
where posts.place = 1
