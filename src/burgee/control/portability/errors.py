"""What can be wrong with asking for an export or an import."""

from burgee.control.kit.errors import DomainError


class ImportUnderWay(DomainError):
    code = "import_under_way"
    message = "Another feature import for this environment is not finished yet."


class FileTooLarge(DomainError):
    code = "file_too_large"
    field = "file"
    message = "The file may have at most {limit} bytes."


class FileNotText(DomainError):
    code = "file_not_text"
    field = "file"
    message = "The file is not JSON in UTF-8."


class ExportTagUnknown(DomainError):
    code = "unknown_tag"
    field = "tag_ids"
    message = 'Invalid pk "{id}" - object does not exist.'


class ExportNotReady(DomainError):
    code = "export_not_ready"
    message = "This export has no file: its status is {status}."
