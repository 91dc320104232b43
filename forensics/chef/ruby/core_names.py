"""The public instance methods of Ruby 3.1's core classes: what they have beyond these raises NoMethodError."""

from __future__ import annotations

from forensics.chef.ruby.words import words

_OBJECT = words(
    """
    ! != !~ <=> == === =~ __id__ __send__ class clone define_singleton_method display dup enum_for eql? equal?
    extend freeze frozen? hash inspect instance_eval instance_exec instance_of? instance_variable_defined?
    instance_variable_get instance_variable_set instance_variables is_a? itself kind_of? method methods nil?
    object_id private_methods protected_methods public_method public_methods public_send remove_instance_variable
    respond_to? send singleton_class singleton_method singleton_methods taint tainted? tap then to_enum to_json to_s
    trust untaint untrust untrusted? yield_self
    """
)
_ENUMERABLE = words(
    """
    all? any? chain chunk chunk_while collect collect_concat compact count cycle detect drop drop_while each
    each_cons each_entry each_slice each_with_index each_with_object entries filter filter_map find find_all
    find_index first flat_map grep grep_v group_by include? inject lazy map max max_by member? min min_by minmax
    minmax_by none? one? partition reduce reject reverse_each select size slice_after slice_before slice_when sort
    sort_by sum take take_while tally to_a to_h to_set uniq zip
    """
)
_NUMBER = words(
    """
    % * ** + +@ - -@ / < <= > >= abs abs2 angle arg between? ceil clamp coerce conj conjugate denominator div divmod
    fdiv finite? floor i imag imaginary infinite? integer? magnitude modulo negative? nonzero? numerator phase polar
    positive? quo rationalize real real? rect rectangular remainder round singleton_method_added step to_c to_f to_i
    to_int to_r truncate zero?
    """
)
_STRING = words(
    """
    % * + +@ -@ < << <= > >= [] []= ascii_only? b between? bytes bytesize byteslice capitalize capitalize! casecmp
    casecmp? center chars chomp chomp! chop chop! chr clamp clear codepoints concat count crypt delete delete!
    delete_prefix delete_prefix! delete_suffix delete_suffix! downcase downcase! dump each_byte each_char
    each_codepoint each_grapheme_cluster each_line empty? encode encode! encoding end_with? force_encoding getbyte
    grapheme_clusters gsub gsub! hex include? index insert intern length lines ljust lstrip lstrip! match match?
    next next! oct ord partition prepend replace reverse reverse! rindex rjust rpartition rstrip rstrip! scan scrub
    scrub! setbyte size slice slice! split squeeze squeeze! start_with? strip strip! sub sub! succ succ! sum
    swapcase swapcase! to_c to_f to_i to_json_raw to_json_raw_object to_r to_str to_sym tr tr! tr_s tr_s! undump
    unicode_normalize unicode_normalize! unicode_normalized? unpack unpack1 upcase upcase! upto valid_encoding?
    """
)
_SYMBOL = words(
    """
    < <= > >= [] between? capitalize casecmp casecmp? clamp downcase empty? encoding end_with? id2name intern length
    match match? name next size slice start_with? succ swapcase to_proc to_sym upcase
    """
)
_ARRAY = words(
    """
    & * + - << [] []= append assoc at bsearch bsearch_index clear collect! combination compact! concat deconstruct
    delete delete_at delete_if difference dig each_index empty? fetch fill filter! flatten flatten! index insert
    intersect? intersection join keep_if last length map! pack permutation pop prepend product push rassoc reject!
    repeated_combination repeated_permutation replace reverse reverse! rindex rotate rotate! sample select! shift
    shuffle shuffle! slice slice! sort! sort_by! to_ary transpose union uniq! unshift values_at |
    """
)
_HASH = words(
    """
    < <= > >= [] []= assoc clear compact! compare_by_identity compare_by_identity? deconstruct_keys default default=
    default_proc default_proc= delete delete_if dig each_key each_pair each_value empty? except fetch fetch_values
    filter! flatten has_key? has_value? invert keep_if key key? keys length merge merge! rassoc rehash reject!
    replace select! shift slice store to_hash to_proc transform_keys transform_keys! transform_values
    transform_values! update value? values values_at
    """
)
_INTEGER = words(
    """
    & << >> [] ^ allbits? anybits? bit_length chr digits downto even? gcd gcdlcm lcm next nobits? odd? ord pow pred
    size succ times upto | ~
    """
)
_FLOAT = words(
    """
    nan? next_float prev_float
    """
)
_RATIONAL = words(
    """

    """
)
_COMPLEX = words(
    """
    * ** + +@ - -@ / abs abs2 angle arg coerce conj conjugate denominator fdiv finite? imag imaginary infinite?
    integer? magnitude nonzero? numerator phase polar quo rationalize real real? rect rectangular
    singleton_method_added to_c to_f to_i to_int to_r zero?
    """
)
_RANGE = words(
    """
    % begin bsearch cover? end exclude_end? last step
    """
)
_REGEXP = words(
    """
    casefold? encoding fixed_encoding? match match? named_captures names options source ~
    """
)
_NIL = words(
    """
    & ^ rationalize to_a to_c to_f to_h to_i to_r |
    """
)
_PROC = words(
    """
    << >> [] arity binding call curry lambda? parameters ruby2_keywords source_location to_proc yield
    """
)
_METHOD = words(
    """
    << >> [] arity call curry name original_name owner parameters private? protected? public? receiver
    source_location super_method to_proc unbind
    """
)
_ENUMERATOR = words(
    """
    + feed next next_values peek peek_values rewind with_index with_object
    """
)
_SET = words(
    """
    & + - < << <= > >= ^ add add? classify clear collect! compare_by_identity compare_by_identity? delete delete?
    delete_if difference disjoint? divide empty? filter! flatten flatten! flatten_merge intersect? intersection join
    keep_if length map! merge pretty_print pretty_print_cycle proper_subset? proper_superset? reject! replace reset
    select! subset? subtract superset? union |
    """
)
_LIBRARIES = words(
    """
    to_json to_yaml psych_to_yaml to_bn to_d to_digits to_set to_time to_date to_datetime shellescape shellsplit
    pretty_inspect pretty_print pretty_print_cycle pretty_print_inspect pretty_print_instance_variables to_c to_r
    to_xml blank? present? deep_merge deep_merge! deep_dup to_param to_query underscore camelize constantize
    classify tableize pluralize singularize titleize humanize squish truncate_words try in? html_safe unpack pack
    stringify_keys symbolize_keys to_hash to_proc to_str to_ary to_io to_path to_sym to_int to_regexp encode_json
    fast_xs to_native_format dclone instance_values unindent outdent indent colorize red green blue bold
    strip_heredoc
    """
)
"""What libraries may add to any of them."""

_METHODS = {
    "String": _OBJECT | _STRING,
    "Symbol": _OBJECT | _SYMBOL,
    "Array": _OBJECT | _ARRAY | _ENUMERABLE,
    "Hash": _OBJECT | _HASH | _ENUMERABLE,
    "Integer": _OBJECT | _INTEGER | _NUMBER,
    "Float": _OBJECT | _FLOAT | _NUMBER,
    "Rational": _OBJECT | _RATIONAL | _NUMBER,
    "Complex": _OBJECT | _COMPLEX,
    "Range": _OBJECT | _RANGE | _ENUMERABLE,
    "Regexp": _OBJECT | _REGEXP,
    "NilClass": _OBJECT | _NIL,
    "Proc": _OBJECT | _PROC,
    "Method": _OBJECT | _METHOD,
    "Enumerator": _OBJECT | _ENUMERATOR | _ENUMERABLE,
    "Set": _OBJECT | _SET | _ENUMERABLE,
    "TrueClass": _OBJECT | frozenset("&|^"),
    "FalseClass": _OBJECT | frozenset("&|^"),
}


def is_listed(class_name: str) -> bool:
    """Whether the methods of a class are listed here."""
    return class_name in _METHODS


def may_have(class_name: str, method: str) -> bool:
    """Whether values of a listed class may have a method."""
    return method in _METHODS[class_name] or method in _LIBRARIES
