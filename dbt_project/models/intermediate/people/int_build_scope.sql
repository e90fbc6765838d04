{{ config(materialized='table') }}

-- One row: whether this build makes all by-person models anew (is_whole) or replaces in them the rows of touched people.
{% if execute and var('base_as_of', none) %}
    select
        touched.people > {{ var('by_person_up_to') }} * spells.number as is_whole,
        touched.people as touched_people
    from (select count(*) as people from {{ ref('int_touched_people') }}) as touched
    cross join (select count(*) as number from {{ as_built('int_placements') }}) as spells
{% else %}
    select
        true as is_whole,
        count(*) as touched_people
    from {{ ref('int_touched_people') }}
{% endif %}
