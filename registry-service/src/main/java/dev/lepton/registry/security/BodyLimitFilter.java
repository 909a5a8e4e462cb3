package dev.lepton.registry.security;

import dev.lepton.registry.problem.ProblemWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses a body that is too long: by its announced length, or as soon as that much has been read
 * of one that announces none.
 */
final class BodyLimitFilter extends OncePerRequestFilter {

    static final int LIMIT = 256 * 1024;
    static final int BATCH_LIMIT = 1024 * 1024;

    /** A report may hold a black box. */
    static final int REPORT_LIMIT = 1024 * 1024;

    private static final Pattern REPORT = Pattern.compile("/v1/units/[^/]+/incidents/[^/]+");

    private final ProblemWriter problems;

    BodyLimitFilter(ProblemWriter problems) {
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        int limit = limit(request.getMethod(), request.getRequestURI());
        if (request.getContentLengthLong() > limit) {
            problems.write(response, new BodyTooLarge(limit));
            return;
        }
        chain.doFilter(new Limited(request, limit), response);
    }

    private static int limit(String method, String path) {
        if (path.equals("/v1/heartbeats")) {
            return BATCH_LIMIT;
        }
        // A beat is a PUT too, and there are many: the text alone tells that it is no report.
        return method.equals("PUT")
                        && path.contains("/incidents/")
                        && REPORT.matcher(path).matches()
                ? REPORT_LIMIT
                : LIMIT;
    }

    private static final class Limited extends HttpServletRequestWrapper {

        private final int limit;
        private @org.jspecify.annotations.Nullable ServletInputStream body;

        Limited(HttpServletRequest request, int limit) {
            super(request);
            this.limit = limit;
        }

        @Override
        public ServletInputStream getInputStream() throws IOException {
            ServletInputStream limited = body;
            if (limited == null) {
                limited = new LimitedBody(super.getInputStream(), limit);
                body = limited;
            }
            return limited;
        }

        @Override
        public BufferedReader getReader() throws IOException {
            return new BufferedReader(
                    new InputStreamReader(getInputStream(), StandardCharsets.UTF_8));
        }
    }
}
