"""Names that exist in Ruby 3.1, Chef, and the libraries that knife loads, whether they are modelled here or not.

What is neither modelled nor named here does not exist: Ruby raises.
"""

from __future__ import annotations

from forensics.chef.ruby.words import words

PERILOUS_CALLS = words(
    """
    send public_send __send__ eval instance_eval instance_exec class_eval class_exec module_eval module_exec
    define_method define_singleton_method instance_variable_set remove_instance_variable extend include prepend
    const_set remove_const class_variable_set alias_method undef_method remove_method attr attr_accessor attr_reader
    attr_writer method public_method instance_method singleton_method binding from_file class_from_file refine using
    set_or_return require_dependency
    """
)
"""Methods of any receiver that could change what the file's words mean, or the role."""

HARMLESS_FUNCTIONS = words(
    """
    ! != !~ <=> == === =~ eql? equal?
    Array BigDecimal Complex Digest Float Hash Integer JSON Pathname Rational String URI __callee__ __dir__ __id__
    __method__ ` at_exit autoload? block_given? caller caller_locations catch class fail format frozen? gem gets
    global_variables hash inspect instance_of? instance_variables is_a? j jj kind_of? lambda local_variables loop
    methods nil? object_id open p pp print printf private_methods proc protected_methods public_methods putc puts
    raise rand readline readlines respond_to? tainted? untrusted? select singleton_methods sleep spawn sprintf srand
    system test to_json to_s to_yaml trap warn abort exit require
    """
)
"""Functions that a role file can call without a receiver, and that leave the role as it is."""

FUNCTIONS = PERILOUS_CALLS | words(
    """
    DelegateClass active_run_list_for add_cookbook_constraint_error autoload chef_server_rest clone create dclone
    default_attributes= define_method destroy display dup enum_for environment environments exec exit! fork freeze
    from_file gem_original_require instance_variable_defined? instance_variable_get instance_variable_names
    invalid_fields itself iterator? lazy load override_attributes= pretty_inspect pretty_print pretty_print_cycle
    pretty_print_inspect pretty_print_instance_variables proxy_call psych_to_yaml require_relative run_list_for save
    set_trace_func singleton_class syscall tap taint then throw timeout to_enum to_h to_hash to_yaml_properties
    trace_var trust untaint untrace_var untrust update_attributes_from_params update_cookbook_constraint_from_param
    update_from! update_from_params validate validate_required_attrs_present warn_deprecated yaml_as yield_self
    _pv_opts_lookup _validation_message method_missing respond_to_missing? initialize source_file source_file=
    """
)
"""The other functions that a role file can call without a receiver: what they do is not modelled."""

OBJECT_METHODS = words(
    """
    ! != !~ <=> == === =~ __id__ __send__ class clone define_singleton_method display dup enum_for eql? equal?
    extend freeze frozen? hash inspect instance_eval instance_exec instance_of? instance_variable_defined?
    instance_variable_get instance_variable_set instance_variables is_a? itself kind_of? method methods nil?
    object_id private_methods protected_methods public_method public_methods public_send remove_instance_variable
    respond_to? send singleton_class singleton_method singleton_methods taint tainted? tap then to_enum to_json to_s
    trust untaint untrust untrusted? yield_self to_yaml psych_to_yaml to_bn to_d to_digits to_set to_time to_date
    to_datetime shellescape shellsplit pretty_inspect pretty_print pretty_print_cycle pretty_print_inspect
    pretty_print_instance_variables to_c to_r to_xml blank? present? presence deep_merge deep_merge! deep_dup
    to_param to_query underscore camelize constantize classify tableize pluralize singularize titleize humanize
    squish truncate_words try try! in? html_safe unpack pack stringify_keys symbolize_keys to_hash to_proc to_str
    to_ary to_io to_path to_sym to_int to_regexp encode_json fast_xs to_native_format dclone instance_values
    unindent outdent indent colorize red green blue bold strip_heredoc validate instance_variable_names
    """
)
"""Methods that every value has, or may get from a library."""

NIL_METHODS = OBJECT_METHODS | words("& ^ rationalize to_a to_c to_f to_h to_i to_r |")

VALUE_METHODS = OBJECT_METHODS | words(
    """
    % & * ** + +@ - -@ / < << <= > >= >> [] []= ^ abs abs2 add add? ajd all? allbits? angle any? anybits? append arg
    arity ascii_only? assoc at b backtrace backtrace_locations begin between? bind binwrite bit_length bsearch
    bsearch_index byteindex bytes bytesize byteslice call capitalize capitalize! captures casecmp casecmp? casefold?
    cause ceil ceildiv center chain chars chomp chomp! chop chop! chr chunk chunk_while clamp clear codepoints
    coerce coerce_to_run_list_item collect collect! collect_concat combination compact compact! compare_by_identity
    compare_by_identity? concat conj conjugate count cover? crypt curry cycle day deconstruct deconstruct_keys dedup
    default default= default_proc default_proc= delete delete! delete? delete_at delete_if delete_prefix
    delete_prefix! delete_suffix delete_suffix! denominator detect difference dig digits disjoint? div divide divmod
    downcase downcase! downto drop drop_while dump each each_byte each_char each_child each_codepoint each_cons
    each_entry each_grapheme_cluster each_index each_key each_line each_pair each_slice each_value each_with_index
    each_with_object empty? encode encode! encoding end end_with? entries even? except exclude_end? expand fdiv feed
    fetch fetch_values fill filter filter! filter_map find find_all find_index finite? first fixed_encoding?
    flat_map flatten flatten! flatten_merge floor force_encoding gcd gcdlcm getbyte grapheme_clusters grep grep_v
    group_by gsub gsub! has_key? has_value? hex i id2name imag imaginary include? index infinite? inject insert
    integer? intern intersect? intersection invert join keep_if key key? keys lambda? last lazy lcm length lines
    ljust lstrip lstrip! magnitude map map! match match? max max_by member? merge merge! min min_by minmax minmax_by
    modulo name named_captures names nan? negative? next next! next_float next_values nobits? none? nonzero?
    numerator oct odd? one? options ord original_name owner parameters parse_entry partition private? protected?
    public? peek peek_values permutation phase polar pop positive? pow pred prepend prev_float product
    proper_subset? proper_superset? push quo rassoc rationalize real real? receiver recipe? recipe_names recipes
    rect rectangular reduce rehash reject reject! remainder remove repeated_combination repeated_permutation replace
    reset reset! reverse reverse! reverse_each rewind rindex rjust role? role_names roles rotate rotate! round
    rpartition rstrip rstrip! ruby2_keywords run_list run_list_items sample scan scrub scrub! select select! setbyte
    shift shuffle shuffle! singleton_method_added size slice slice! slice_after slice_before slice_when sort sort!
    sort_by sort_by! source source_location split squeeze squeeze! start_with? step store strip strip! sub sub!
    subset? subtract succ succ! sum super_method superset? swapcase swapcase! take take_while tally times to_a to_f
    to_h to_i to_json_raw to_json_raw_object tr tr! tr_s tr_s! transform_keys transform_keys! transform_values
    transform_values! transpose truncate type unbind undump unicode_normalize unicode_normalize! unicode_normalized?
    union uniq uniq! unpack1 unshift upcase upcase! update upto valid_encoding? value? values values_at version
    with_index with_object yield zero? zip | ~ stringify_keys! symbolize_keys! regular_writer regular_reader
    convert_key convert_value for_json internal_get internal_set
    """
)
"""Methods that some value has, or may get from a library."""

CONSTANTS = words(
    """
    ARGF ARGV ENV DATA STDIN STDOUT STDERR RUBY_VERSION RUBY_PLATFORM RUBY_ENGINE RUBY_ENGINE_VERSION
    RUBY_PATCHLEVEL RUBY_RELEASE_DATE RUBY_REVISION RUBY_COPYRIGHT RUBY_DESCRIPTION TOPLEVEL_BINDING SCRIPT_LINES__
    File Dir IO Process Marshal Random Thread Mutex Queue SizedQueue ConditionVariable ThreadGroup Fiber Signal
    Binding UnboundMethod TracePoint RubyVM Ractor Warning Encoding FileTest Data DidYouMean ErrorHighlight
    SyntaxSuggest Monitor MonitorMixin Gem Bundler RbConfig Chef ChefConfig ChefUtils Mixlib Ohai JSON FFI_Yajl Yajl
    FFI Net OpenSSL URI YAML Psych ERB Erubis Erubi Logger Tempfile Tmpdir FileUtils Pathname Digest Base64 Zlib
    SecureRandom Socket TCPSocket UDPSocket UNIXSocket BasicSocket IPSocket TCPServer UNIXServer Addrinfo
    SocketError Timeout TimeoutError Etc Open3 OptionParser StringIO StringScanner Forwardable SingleForwardable
    Singleton Observable Delegator SimpleDelegator DelegateClass WeakRef OpenStruct Shellwords Benchmark PP
    PrettyPrint CSV Resolv IPAddr DRb REXML CGI Find Abbrev English Getoptlong HighLine TTY Pastel Plist Rack
    Sinatra WEBrick Mash Hashie Diff Uuidtools UUIDTools Rubyntlm WinRM Nokogiri Addressable Faraday Train InSpec
    Inspec LicenseAcceptance Wisper Tomlrb Concurrent Sys Syslog FFI_Libarchive Corefoundation Aws SSHKit SFTP
    Kitchen Cheffish ChefDK ChefCLI ChefZero Librarian Berkshelf Spice Fog Win32API Readline Reline IRB Ripper
    Coverage ObjectSpace GC Refinement Enumerator Comparable Rinda Racc Vault ProxyFetcher FuzzyMatch Fauxhai
    Proxifier Semverse Molinillo Artifactory UnicodeNormalize Unicode DateTime Bigdecimal JWT SSLContext Semantic
    Multipart Method Proc Errno MatchData Rational Complex Trie Exception2MessageMapper ChefResource
    ChefRestResource ExceptionForMatrix Matrix Vector Prime PStore RSS Scanf SDBM GDBM DBM Tracer XMLRPC Win32
    RUBY_LIB ChefPowerShell Cabin Builder Dalli UNF Appbundler Iniparse IniParse Did ReadLine KNIFE_ROOT
    CROSS_COMPILING Object BasicObject Module Class Kernel Enumerable Math Numeric Integer Float String Symbol Array
    Hash Range Regexp NilClass TrueClass FalseClass Struct Set Time Date BigDecimal Fixnum Bignum
    """
)
"""Constants that exist while knife runs, or may, besides exceptions."""

EXCEPTIONS = words(
    """
    Exception StandardError ArgumentError EncodingError FiberError IOError EOFError IndexError KeyError
    StopIteration LocalJumpError NameError NoMethodError RangeError FloatDomainError RegexpError RuntimeError
    FrozenError SystemCallError ThreadError TypeError ZeroDivisionError NoMatchingPatternError
    NoMatchingPatternKeyError UncaughtThrowError ClosedQueueError NoMemoryError ScriptError LoadError
    NotImplementedError SyntaxError SecurityError SignalException Interrupt SystemExit SystemStackError
    """
)
"""Ruby's own exceptions."""

LIBRARIES = words(
    """
    English abbrev base64 benchmark bigdecimal bigdecimal/util bundler cgi cgi/util cgi/escape coverage csv date
    delegate digest digest/md5 digest/sha1 digest/sha2 digest/sha256 drb erb etc fcntl fiddle fileutils find
    forwardable getoptlong io/console io/wait ipaddr irb json json/add/core logger matrix monitor net/http net/https
    net/protocol nkf objspace observer open-uri open3 openssl optparse optionparser ostruct pathname pp prettyprint
    prime pstore psych pty random/formatter rbconfig readline reline resolv ripper rubygems securerandom set
    shellwords singleton socket stringio strscan syslog tempfile thread time timeout tmpdir tsort un uri weakref
    yaml zlib chef chef/role chef/environment chef/config chef/node chef/search/query chef/data_bag
    chef/data_bag_item chef/encrypted_data_bag_item chef/mixin/deep_merge chef/mixin/shell_out chef/log
    chef/run_list chef/mash chef/knife chef/rest chef/version chef/exceptions ohai ohai/system mixlib/shellout
    mixlib/config mixlib/log mixlib/cli mixlib/authentication ffi_yajl erubis highline
    """
)
"""What ``require`` finds wherever knife runs."""
