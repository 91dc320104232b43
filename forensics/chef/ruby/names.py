"""Names of methods that exist in Ruby 3.1 (and in the libraries that knife loads), modelled here or not.

A call of another name raises NoMethodError; a call of one of these that is not modelled gives an unknown value.
"""

from __future__ import annotations

from forensics.chef.ruby.words import words

CHANGING = words(
    """
    << []= push append pop shift unshift prepend insert concat clear delete delete_at delete_if keep_if replace fill
    store update default= default_proc= compare_by_identity add add? remove reset! force_encoding setbyte subtract
    merge instance_variable_set sort! rehash each each_with_index each_pair each_key each_value map! collect!
    reject! select! filter! uniq! compact! flatten! shuffle! reverse! rotate! upcase! downcase! capitalize!
    swapcase! strip! lstrip! rstrip! chomp! chop! squeeze! gsub! sub! tr! tr_s! delete! next! succ! slice! merge!
    transform_values! transform_keys! join! send public_send __send__ tap then instance_eval instance_exec freeze
    undef_method remove_method define_method define_singleton_method class_eval module_eval extend include
    remove_instance_variable remove_const const_set class_variable_set alias_method attr_accessor attr_writer
    attr_reader
    """
)
"""Methods after which the receiver may be another: where their model ends, the receiver is unknown."""

_RUBY_METHODS = words(
    """
    ! != !~ == === =~ <=> + - * / % ** & | ^ ~ < <= > >= << >> [] []= +@ -@ ! __id__ __send__ abs abs2 accept add
    add? all? allbits? ancestors angle any? anybits? append arg arity asctime assoc at attr attr_accessor
    attr_reader attr_writer autoload b base_label begin between? bind binding bit_length blockdev? bsearch
    bsearch_index byteindex bytes bytesize byteslice call caller capitalize capitalize! captures casecmp casecmp?
    ceil center chain changed? chars chomp chomp! chop chop! chr chunk chunk_while clamp class class_eval class_exec
    class_variable_defined? class_variable_get class_variable_set class_variables clear clone codepoints coerce
    collect collect! collect_concat combination compact compact! compare_by_identity compare_by_identity? concat
    conj conjugate const_defined? const_get const_missing const_set const_source_location constants count cover?
    crypt ctime curry cycle day deconstruct deconstruct_keys default default= default_proc default_proc=
    define_method define_singleton_method delete delete! delete_at delete_if delete_prefix delete_prefix!
    delete_suffix delete_suffix! denominator detect difference dig digits disjoint? display div divmod dot downcase
    downcase! downto drop drop_while dst? dump dup each each_byte each_char each_codepoint each_cons each_entry
    each_grapheme_cluster each_index each_key each_line each_pair each_slice each_value each_with_index
    each_with_object empty? encode encode! encoding end end_with? entries enum_for eql? equal? eval even? except
    exception exclude_end? extend extended fdiv fetch fetch_values fill filter filter! filter_map find find_all
    find_index finite? first flat_map flatten flatten! floor for_json force_encoding format freeze friday? frozen?
    full_message gcd gcdlcm getbyte getgm getlocal getutc gm? gmt? gmt_offset gmtime gmtoff grapheme_clusters grep
    grep_v group_by gsub gsub! has_key? has_value? hash hex hour i imag imaginary include include? included
    included_modules indexes indices infinite? inherited inject insert inspect instance_eval instance_exec
    instance_method instance_methods instance_of? instance_variable_defined? instance_variable_get
    instance_variable_set instance_variables integer? intern intersect? intersection invert is_a? isdst itself
    iso8601 join keep_if key key? keys kind_of? label lambda? last lazy lcm length lines ljust localtime lstrip
    lstrip! magnitude map map! match match? max max_by mday member? members merge merge! message method
    method_defined? method_missing methods min min_by minmax minmax_by modulo module_eval module_exec
    module_function mon monday? month name named_captures names nan? negative? new next next! next_float nil?
    nobits? none? nonzero? nsec num numerator object_id oct odd? offset one? options ord owner pack pair parameters
    partition path permutation phase polar pop positive? post_match pow pre_match pred prepend prepended prev_float
    private private_class_method private_constant private_instance_methods private_method_defined? private_methods
    product protected protected_methods public public_class_method public_instance_method public_method
    public_method_defined? public_methods public_send push quo rand rassoc rationalize real real? receiver rect
    rectangular reduce refine regexp rehash reject reject! remainder remove_class_variable remove_const
    remove_instance_variable remove_method repeated_combination repeated_permutation replace resolve respond_to?
    respond_to_missing? reverse reverse! reverse_each rewind rindex rjust rotate rotate! round rpartition rstrip
    rstrip! rstrip saturday? scan scrub scrub! sec select select! send set_backtrace setbyte shift shuffle shuffle!
    signal singleton_class singleton_class? singleton_method singleton_methods size sleep slice slice! slice_after
    slice_before slice_when sort sort! sort_by sort_by! source source_location split squeeze squeeze! start_with?
    status step store strftime string strip strip! sub sub! subsec subset? subtract succ succ! success? sum sunday?
    superclass superset? swapcase swapcase! symmetric take take_while tally tap then thursday? times to_a to_ary
    to_bn to_c to_d to_date to_datetime to_enum to_f to_h to_hash to_i to_int to_io to_json to_path to_proc to_r
    to_s to_set to_str to_sym to_time to_yaml tr tr! tr_s tr_s! transform_keys transform_keys! transform_values
    transform_values! transpose trunc truncate tuesday? tv_nsec tv_sec tv_usec unbind undef_method undump
    unicode_normalize unicode_normalize! unicode_normalized? union uniq uniq! unpack unpack1 unshift untrusted?
    upcase upcase! update upto usec utc utc? utc_offset valid_encoding? value value? values values_at wday
    wednesday? with_index with_object yday year yield yield_self zero? zip zone ceildiv pretty_print pretty_inspect
    pp psych_to_yaml yaml_tag stringify_keys! symbolize_keys regular_writer regular_reader internal_get internal_set
    jd ajd next_day prev_day next_month prev_month next_year prev_year beginning_of_day hexdigest shellescape
    shellsplit backtrace backtrace_locations cause detailed_message exit_value reason run_list run_list_items
    role_names roles recipe_names recipes expand coerce_to_run_list_item parse_entry reset! remove
    instance_variable_names validate lazy set_or_return from_file class_from_file source_file source_file=
    set_trace_func each_child children tmp write read puts print printf putc binread binwrite fqdn hostname data
    parse generate load load_file dump pretty_generate to_native_format unicode
    """
)


def is_ruby_method(name: str) -> bool:
    """Whether some value has a method of this name."""
    return name in _RUBY_METHODS


OUTSIDE = words(
    """
    ` system spawn exec rand srand gets readline readlines sleep fork open test select syscall trap caller
    caller_locations binding Pathname URI JSON j jj pp printf putc autoload autoload? global_variables
    local_variables trace_var untrace_var gem gem_original_require abort exit! set_trace_func warn_deprecated
    chef_server_rest save create destroy environment environments update_from! run_list_for active_run_list_for
    to_json from_file class_from_file source_file validate lazy set_or_return _pv_opts_lookup methods public_methods
    private_methods protected_methods singleton_methods singleton_class display enum_for to_enum public_method
    singleton_method __id__ object_id hash instance_variables instance_variable_defined? remove_instance_variable
    to_yaml psych_to_yaml pretty_inspect pretty_print pretty_print_cycle pretty_print_instance_variables
    pretty_print_inspect to_yaml_properties yaml_as BigDecimal DelegateClass Digest timeout dclone
    instance_variable_names iterator? proxy_call _validation_message update_attributes_from_params
    update_from_params update_cookbook_constraint_from_param invalid_fields add_cookbook_constraint_error
    validate_required_attrs_present default_attributes= override_attributes=
    """
)
"""Methods that a role file can call without a receiver whose result is not to be known, or not modelled."""

DANGEROUS = words(
    """
    eval load instance_variable_set extend define_singleton_method set_or_return from_file class_from_file
    remove_instance_variable update_from! update_from_params update_attributes_from_params
    """
)
"""Of these, the ones after which nothing is certain."""
