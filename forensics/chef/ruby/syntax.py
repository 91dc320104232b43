"""placeholder"""
def check_syntax(source):
    from forensics.chef.ruby.failure import RubyRaisedError
    if source.root.has_error:
        raise RubyRaisedError("SyntaxError","",1)
