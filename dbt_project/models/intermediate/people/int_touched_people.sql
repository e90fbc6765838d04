{{ config(materialized='table') }}

{#
    People whose rows in the by-person models may differ from those of the build that stands: a row of raw changed; what their
    townships' ledgers speak for changed; or a day came by which something of theirs is judged. Better one too many.
    Empty where all is made anew.
#}
{% if not (execute and var('base_as_of', none)) %}
    -- depends_on: {{ ref('stg_changed_person') }} {{ ref('stg_placement') }} {{ ref('int_organisation_standing') }}
    -- depends_on: {{ ref('int_organisation_standing_before') }} {{ ref('int_horizons') }} {{ ref('int_rule_parameters') }}
    select cast(null as {{ text_type() }}) as person_key
    where 1 = 0
{% else %}
    {% set base = "cast('" ~ var('base_as_of') ~ "' as date)" %}
    with organisations as (
        select
            coalesce(standing.organisation_code, earlier.organisation_code) as organisation_code,
            coalesce(standing.placements_listed_until <> earlier.placements_listed_until, true)
            and coalesce(standing.placements_listed_until, earlier.placements_listed_until) is not null as lists_anew,
            (
                coalesce(standing.follow_ups_covered_until <> earlier.follow_ups_covered_until, true)
                and coalesce(standing.follow_ups_covered_until, earlier.follow_ups_covered_until) is not null
            )
            or (
                coalesce(standing.follow_ups_owed_from <> earlier.follow_ups_owed_from, true)
                and coalesce(standing.follow_ups_owed_from, earlier.follow_ups_owed_from) is not null
            ) as follows_up_anew
        from {{ ref('int_organisation_standing') }} as standing
        full outer join {{ ref('int_organisation_standing_before') }} as earlier
            on standing.organisation_code = earlier.organisation_code
    ),

    starts as (
        select distinct started_on
        from {{ as_built('int_placements') }}
    ),

    starts_judged_anew as (
        select distinct starts.started_on
        from starts
        cross join {{ ref('int_horizons') }} as horizons
        cross join {{ ref('int_rule_parameters') }} as parameters
        where
            (starts.started_on > {{ base }} and starts.started_on <= {{ as_of() }})
            -- Due, and owed a follow-up a month ahead.
            or (
                {{ add_days('starts.started_on', 'horizons.horizon_days') }} > {{ base }}
                and {{ add_days('starts.started_on', 'horizons.horizon_days') }} <= {{ as_of() }}
            )
            or (
                {{ add_days('starts.started_on', 'horizons.horizon_days') }} > {{ add_days(base, '31') }}
                and {{ add_days('starts.started_on', 'horizons.horizon_days') }} <= {{ add_days(as_of(), '31') }}
            )
            -- The time for a follow-up has passed.
            or (
                {{ add_days('starts.started_on', 'horizons.horizon_days + parameters.evidence_window_days') }} >= {{ base }}
                and {{ add_days('starts.started_on', 'horizons.horizon_days + parameters.evidence_window_days') }}
                < {{ as_of() }}
            )
    )

    select person_key
    from {{ ref('stg_changed_person') }}
    union
    select person_key
    from {{ ref('stg_placement') }}
    where organisation_code in (select organisation_code from organisations where lists_anew)
    union
    select person_key
    from {{ as_built('int_placements') }}
    where township_code in (select organisation_code from organisations where follows_up_anew)
    {% if var('base_as_of') != as_of_text() | trim %}
        union
        select person_key
        from {{ as_built('int_placements') }}
        where started_on in (select started_on from starts_judged_anew)
        union
        -- What a follow-up of a day to come says counts when the day has come.
        select person_key
        from {{ as_built('int_follow_ups') }}
        where followed_up_on > {{ base }}
    {% endif %}
{% endif %}
