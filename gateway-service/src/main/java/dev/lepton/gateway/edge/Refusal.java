package dev.lepton.gateway.edge;

import static io.netty.handler.codec.http.HttpResponseStatus.BAD_REQUEST;
import static io.netty.handler.codec.http.HttpResponseStatus.HTTP_VERSION_NOT_SUPPORTED;
import static io.netty.handler.codec.http.HttpResponseStatus.METHOD_NOT_ALLOWED;
import static io.netty.handler.codec.http.HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE;
import static io.netty.handler.codec.http.HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE;
import static io.netty.handler.codec.http.HttpResponseStatus.REQUEST_TIMEOUT;
import static io.netty.handler.codec.http.HttpResponseStatus.REQUEST_URI_TOO_LONG;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Locale;

/**
 * Why a request goes no further than the edge. What is told to the client holds nothing of what it
 * sent.
 */
enum Refusal {
    MALFORMED(BAD_REQUEST, "the request cannot be parsed"),
    LINE_TOO_LONG(REQUEST_URI_TOO_LONG, "the request line is too long"),
    HEADERS_TOO_LARGE(REQUEST_HEADER_FIELDS_TOO_LARGE, "the headers are too large"),
    TOO_MANY_HEADERS(REQUEST_HEADER_FIELDS_TOO_LARGE, "there are more than 100 headers"),
    FOLDED_HEADER(BAD_REQUEST, "a header is folded over several lines"),
    HEADER_NAME(
            BAD_REQUEST,
            "the name of a header has a '_', which programs may take for a '-' of another header"),
    METHOD(METHOD_NOT_ALLOWED, "TRACE and CONNECT are not passed on"),
    VERSION(HTTP_VERSION_NOT_SUPPORTED, "the version must be 1.0, 1.1 or 2"),
    TRANSFER_ENCODING(
            BAD_REQUEST, "Transfer-Encoding must be 'chunked', once, and not with HTTP/1.0"),
    CONTENT_LENGTH(BAD_REQUEST, "there is more than one Content-Length"),
    HOST(
            BAD_REQUEST,
            "there must be one Host header that names a host, the same as the target if that names one"),
    TARGET(BAD_REQUEST, "the target must be a path that begins with '/', without a fragment"),
    PATH_CHARACTER(BAD_REQUEST, "the path has a character that must be percent-encoded"),
    QUERY_CHARACTER(BAD_REQUEST, "the query has a byte that is no visible ASCII character"),
    PERCENT_ENCODING(BAD_REQUEST, "a '%' in the path is not followed by two hexadecimal digits"),
    ENCODED_CONTROL(BAD_REQUEST, "the path has an encoded control character"),
    ENCODED_SLASH(BAD_REQUEST, "the path has an encoded slash or backslash"),
    DOUBLE_ENCODING(BAD_REQUEST, "the path has something that is encoded twice"),
    DOT_SEGMENT(BAD_REQUEST, "the path has a segment '.' or '..'"),
    EMPTY_SEGMENT(BAD_REQUEST, "the path has an empty segment"),
    SEMICOLON(BAD_REQUEST, "the path has a ';'"),
    HEADER_TIMEOUT(REQUEST_TIMEOUT, "the headers did not come in time"),
    BODY_TIMEOUT(REQUEST_TIMEOUT, "the body did not come in time"),
    BODY_TOO_LARGE(REQUEST_ENTITY_TOO_LARGE, "the body is too large");

    private final HttpResponseStatus status;
    private final String detail;

    Refusal(HttpResponseStatus status, String detail) {
        this.status = status;
        this.detail = detail;
    }

    HttpResponseStatus status() {
        return status;
    }

    String detail() {
        return detail;
    }

    String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** As RFC 9457 has it. */
    String problem() {
        return """
        {"type":"urn:lepton:problem:%s","title":"%s","status":%d,"detail":"%s","code":"%s"}\
        """
                .formatted(code(), status.reasonPhrase(), status.code(), detail, code());
    }
}
