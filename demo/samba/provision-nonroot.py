#!/usr/bin/python3
# samba-tool with the sysvol file-ACL step switched off: that step is the only part of "domain provision" that needs root,
# and a domain controller that serves LDAP only never serves sysvol.
import sys
import samba.provision as provision
from samba.netcmd.main import cmd_sambatool

provision.setsysvolacl = lambda *args, **kwargs: None
provision.checksysvolacl = lambda *args, **kwargs: None
try:
    code = cmd_sambatool()._run("samba-tool", *sys.argv[1:])
except SystemExit as stop:
    code = stop.code
sys.exit(code)
