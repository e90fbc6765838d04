{# Name of the type of text. #}
{% macro text_type() -%}
    {{ return(adapter.dispatch('text_type', 'zaoxue')()) }}
{%- endmacro %}

{% macro default__text_type() -%}
    text
{%- endmacro %}

{% macro spark__text_type() -%}
    string
{%- endmacro %}

{# Name of the type of a floating-point number of 8 bytes. #}
{% macro float_type() -%}
    {{ return(adapter.dispatch('float_type', 'zaoxue')()) }}
{%- endmacro %}

{% macro default__float_type() -%}
    double precision
{%- endmacro %}

{% macro spark__float_type() -%}
    double
{%- endmacro %}

{# One key of several columns: 32 hex digits. A separator that no column holds keeps ('a', 'bc') and ('ab', 'c') apart. #}
{% macro key_of(columns) -%}
    md5(
        {%- for column in columns %}
        coalesce(cast({{ column }} as {{ text_type() }}), '') {%- if not loop.last %} || '|' ||{% endif %}
        {%- endfor %}
    )
{%- endmacro %}

{# Median of a number, exact. #}
{% macro median(number) -%}
    {{ return(adapter.dispatch('median', 'zaoxue')(number)) }}
{%- endmacro %}

{% macro default__median(number) -%}
    percentile_cont(0.5) within group (order by {{ number }})
{%- endmacro %}

{% macro spark__median(number) -%}
    percentile({{ number }}, 0.5)
{%- endmacro %}

{# A share of 0 to 1 with six decimals; null where the denominator is 0 or unknown. #}
{% macro share(part, whole) -%}
    cast({{ part }} * 1.0 / nullif({{ whole }}, 0) as numeric(9, 6))
{%- endmacro %}

{# The values of a group, as a list; a value may stand in it twice. #}
{% macro list_of(value) -%}
    {{ return(adapter.dispatch('list_of', 'zaoxue')(value)) }}
{%- endmacro %}

{% macro default__list_of(value) -%}
    array_agg({{ value }})
{%- endmacro %}

{% macro spark__list_of(value) -%}
    collect_list({{ value }})
{%- endmacro %}

{# Whether a value stands in a list; null where there is no list. #}
{% macro is_listed(value, list) -%}
    {{ return(adapter.dispatch('is_listed', 'zaoxue')(value, list)) }}
{%- endmacro %}

{% macro default__is_listed(value, list) -%}
    {{ value }} = any({{ list }})
{%- endmacro %}

{% macro spark__is_listed(value, list) -%}
    array_contains({{ list }}, {{ value }})
{%- endmacro %}
