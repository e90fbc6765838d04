{{ config(materialized='table') }}

-- The same as the marts stand, copied before it is made anew; empty where all is made anew.
{% if execute and var('base_as_of', none) %}
    select *
    from {{ as_built('int_organisation_standing') }}
{% else %}
    select
        cast(null as {{ text_type() }}) as organisation_code,
        cast(null as date) as placements_listed_until,
        cast(null as date) as follow_ups_covered_until,
        cast(null as integer) as follow_ups_owed_from
    where 1 = 0
{% endif %}
