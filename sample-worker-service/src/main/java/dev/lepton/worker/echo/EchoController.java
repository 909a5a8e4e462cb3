package dev.lepton.worker.echo;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Objects;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.util.InvalidMimeTypeException;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code POST /echo}: gives body and content type back, whatever they are. */
@RestController
class EchoController {

    private static final int MOST_BYTES = 1024 * 1024;

    @PostMapping("/echo")
    ResponseEntity<byte[]> echo(HttpServletRequest request) throws IOException {
        // One byte more than allowed shows that there is more, however the length was declared.
        byte[] body = request.getInputStream().readNBytes(MOST_BYTES + 1);
        if (body.length > MOST_BYTES) {
            throw problem(
                    HttpStatus.CONTENT_TOO_LARGE,
                    "the body has more than " + MOST_BYTES + " bytes");
        }
        return ResponseEntity.ok().contentType(typeOf(request)).body(body);
    }

    private static MediaType typeOf(HttpServletRequest request) {
        try {
            return MediaType.parseMediaType(
                    Objects.requireNonNullElse(
                            request.getContentType(), MediaType.APPLICATION_OCTET_STREAM_VALUE));
        } catch (InvalidMimeTypeException e) {
            throw problem(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "the content type is not one");
        }
    }

    private static ErrorResponseException problem(HttpStatus status, String detail) {
        return new ErrorResponseException(
                status, ProblemDetail.forStatusAndDetail(status, detail), null);
    }
}
