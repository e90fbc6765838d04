{{ config(materialized='table') }}

{#
    Registered people able and willing to work away who are in no spell that is open on as_of, with what a match asks for:
    age, rank of education, strength, last wage. A person the ledgers last saw at work is no seeker.
#}
with at_work as (
    select distinct person_key
    from {{ ref('int_employment_spells') }}
    where is_open
),

last_spell as (
    select
        person_key,
        monthly_wage,
        row_number() over (partition by person_key order by started_on desc, placement_key asc) as place
    from {{ ref('int_placements') }}
    where monthly_wage is not null
)

select
    members.person_key,
    members.district_code,
    members.township_code,
    cast(extract(year from {{ as_of() }}) as integer) - members.birth_year as age,
    case members.education
        when 'bachelor_or_above' then 5
        when 'junior_college' then 4
        when 'senior_secondary' then 3
        when 'junior_secondary' then 2
        when 'primary' then 1
        else 0
    end as education_rank,
    members.labour_ability,
    last_spell.monthly_wage as last_wage
from {{ ref('int_household_members') }} as members
left join at_work on members.person_key = at_work.person_key
left join last_spell on members.person_key = last_spell.person_key and last_spell.place = 1
where
    at_work.person_key is null
    and members.employment_intent = 'transfer'
    and coalesce(members.labour_ability not in ('none', 'lost'), true)
