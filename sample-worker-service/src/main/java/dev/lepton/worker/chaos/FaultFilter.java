package dev.lepton.worker.chaos;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.springframework.web.filter.OncePerRequestFilter;

/** Lets every request but those to {@code /chaos} suffer from the present {@link Faults}. */
final class FaultFilter extends OncePerRequestFilter {

    private final Faults faults;
    private final LongSupplier nanos;

    FaultFilter(Faults faults, LongSupplier nanos) {
        this.faults = faults;
        this.nanos = nanos;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return request.getRequestURI().startsWith("/chaos/");
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        long end = nanos.getAsLong() + faults.delay().toNanos();
        for (long rest = end - nanos.getAsLong(); rest > 0; rest = end - nanos.getAsLong()) {
            LockSupport.parkNanos(rest);
        }
        if (faults.fails()) {
            response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
            response.setContentType("application/problem+json");
            response.getWriter()
                    .write(
                            "{\"title\":\"Service Unavailable\",\"status\":503,\"detail\":\"this"
                                    + " request was made to fail\"}");
            return;
        }
        chain.doFilter(request, response);
    }
}
