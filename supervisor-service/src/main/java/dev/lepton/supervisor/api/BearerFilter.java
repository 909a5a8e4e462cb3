package dev.lepton.supervisor.api;

import dev.lepton.client.rest.BearerToken;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.filter.OncePerRequestFilter;
import tools.jackson.databind.json.JsonMapper;

/** Lets only those in who know the token, and no body that is longer than any call needs. */
final class BearerFilter extends OncePerRequestFilter {

    private static final long LONGEST_BODY = 256 * 1024;

    private final BearerToken token;
    private final JsonMapper json;

    BearerFilter(BearerToken token, JsonMapper json) {
        this.token = token;
        this.json = json;
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (!token.authorizes(request.getHeader(HttpHeaders.AUTHORIZATION))) {
            response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
            refuse(
                    response,
                    HttpStatus.UNAUTHORIZED,
                    "the Authorization header must carry this platform's bearer token");
        } else if (request.getContentLengthLong() > LONGEST_BODY) {
            refuse(
                    response,
                    HttpStatus.CONTENT_TOO_LARGE,
                    "a body of %d bytes; the limit is %d"
                            .formatted(request.getContentLengthLong(), LONGEST_BODY));
        } else {
            chain.doFilter(request, response);
        }
    }

    private void refuse(HttpServletResponse response, HttpStatus status, String detail)
            throws IOException {
        response.setStatus(status.value());
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        response.getOutputStream()
                .write(json.writeValueAsBytes(Problems.of(status, Problems.code(status), detail)));
    }
}
