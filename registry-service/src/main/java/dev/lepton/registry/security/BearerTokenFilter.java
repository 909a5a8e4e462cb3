package dev.lepton.registry.security;

import dev.lepton.client.rest.BearerToken;
import dev.lepton.registry.problem.ProblemWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Lets a call under {@code /v1} through only with the bearer token. A path that could be read in
 * more than one way (encoded, with parameters, with empty or dotted segments) needs the token
 * wherever it leads.
 */
final class BearerTokenFilter extends OncePerRequestFilter {

    private static final Pattern PLAIN = Pattern.compile("(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*/?");

    private final BearerToken token;
    private final ProblemWriter problems;

    BearerTokenFilter(BearerToken token, ProblemWriter problems) {
        this.token = token;
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        // Almost every call carries the token, and then its path need not be looked at.
        if (token.authorizes(request.getHeader(HttpHeaders.AUTHORIZATION))
                || isOpen(request.getRequestURI())) {
            chain.doFilter(request, response);
            return;
        }
        response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"lepton\"");
        problems.write(
                response,
                HttpStatus.UNAUTHORIZED,
                "unauthorized",
                request.getHeader(HttpHeaders.AUTHORIZATION) == null
                        ? "the header 'Authorization: Bearer TOKEN' is missing"
                        : "the header 'Authorization' does not carry the bearer token of this registry");
    }

    private static boolean isOpen(String path) {
        String folded = path.toLowerCase(Locale.ROOT);
        return PLAIN.matcher(path).matches() && !folded.equals("/v1") && !folded.startsWith("/v1/");
    }
}
