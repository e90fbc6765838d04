{# Tell the planner about a table just made; a table of the same transaction has no statistics yet. #}
{% macro refresh_statistics(relation) -%}
    {{ return(adapter.dispatch('refresh_statistics', 'zaoxue')(relation)) }}
{%- endmacro %}

{% macro default__refresh_statistics(relation) -%}
    analyze {{ relation }}
{%- endmacro %}

{% macro spark__refresh_statistics(relation) -%}
    analyze table {{ relation }} compute statistics
{%- endmacro %}
