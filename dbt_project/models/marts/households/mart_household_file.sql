{# Households with a file, and those the register names without one. #}
with members as (
    select
        household_key,
        min(district_code) as district_code,
        min(township_code) as township_code,
        min(village) as village,
        count(*) as registered_people
    from {{ ref('int_household_members') }}
    where household_key is not null
    group by household_key
),

plans as (
    select
        household_key,
        count(*) as measures_planned,
        sum(case when status = 'done' then 1 else 0 end) as measures_done,
        sum(stipend_amount) as stipends
    from {{ ref('int_assistance_plans') }}
    group by household_key
),

at_work as (
    select
        members.household_key,
        count(distinct placements.person_key) as people
    from {{ ref('int_household_members') }} as members
    inner join {{ ref('int_households') }} as households on members.household_key = households.household_key
    inner join {{ ref('int_placements') }} as placements on members.person_key = placements.person_key
    where
        placements.started_on <= households.listed_until
        and coalesce(placements.ended_on > households.listed_until, true)
    group by members.household_key
),

files as (
    select
        households.*,
        case when recognised_year is null then 0 else 1 end
        + case when village is null then 0 else 1 end
        + case when household_type is null then 0 else 1 end
        + case when is_relocated is null then 0 else 1 end
        + case when member_count is null then 0 else 1 end
        + case when labour_count is null then 0 else 1 end
        + case when willing_count is null then 0 else 1 end
        + case when employed_count is null then 0 else 1 end as items_filled
    from {{ ref('int_households') }} as households
),

keys as (
    select household_key from files
    union
    select household_key from members
)

select
    keys.household_key,
    coalesce(files.district_code, members.district_code) as district_code,
    coalesce(files.township_code, members.township_code) as township_code,
    coalesce(files.village, members.village, '') as village,
    files.household_key is not null as has_file,
    files.household_type,
    files.recognised_year,
    files.is_relocated,
    files.member_count,
    files.labour_count,
    files.willing_count,
    files.employed_count,
    cast(coalesce(members.registered_people, 0) as integer) as registered_people,
    cast(case when files.household_key is not null then coalesce(at_work.people, 0) end as integer) as at_work_by_ledger,
    cast(coalesce(files.items_filled, 0) as integer) as items_filled,
    {{ share('coalesce(files.items_filled, 0)', '8') }} as completeness,
    cast(coalesce(plans.measures_planned, 0) as integer) as measures_planned,
    cast(coalesce(plans.measures_done, 0) as integer) as measures_done,
    cast(coalesce(plans.stipends, 0) as numeric(12, 2)) as stipends,
    files.employed_count = coalesce(at_work.people, 0) as agrees_with_ledger
from keys
left join files on keys.household_key = files.household_key
left join members on keys.household_key = members.household_key
left join plans on keys.household_key = plans.household_key
left join at_work on keys.household_key = at_work.household_key
