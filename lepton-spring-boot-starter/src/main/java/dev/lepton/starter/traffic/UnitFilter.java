package dev.lepton.starter.traffic;

import dev.lepton.starter.selfcheck.SelfCheckPath;
import dev.lepton.starter.unit.ThisUnit;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * The unit's door in a servlet container, outermost of all filters: answers the self-check, refuses
 * what is not for this unit, counts what is.
 */
public final class UnitFilter implements Filter {

    /** Request attribute of self-checks, by which the access log leaves them out. */
    public static final String SELF_CHECK_ATTRIBUTE = "lepton.self-check";

    private final ThisUnit unit;
    private final SelfCheckPath selfCheck;
    private final RequestGate gate;
    private final RequestCounts counts;

    public UnitFilter(
            ThisUnit unit, SelfCheckPath selfCheck, RequestGate gate, RequestCounts counts) {
        this.unit = unit;
        this.selfCheck = selfCheck;
        this.gate = gate;
        this.counts = counts;
    }

    @Override
    public void doFilter(
            ServletRequest servletRequest, ServletResponse servletResponse, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest request = (HttpServletRequest) servletRequest;
        HttpServletResponse response = (HttpServletResponse) servletResponse;
        String path = request.getRequestURI().substring(request.getContextPath().length());
        if (selfCheck.isAnsweredHere(request.getMethod(), path)) {
            request.setAttribute(SELF_CHECK_ATTRIBUTE, true);
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
        } else if (selfCheck.isOwn(request.getHeader(SelfCheckPath.HEADER))) {
            request.setAttribute(SELF_CHECK_ATTRIBUTE, true);
            chain.doFilter(request, response);
        } else {
            decide(request, response, chain);
        }
    }

    private void decide(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String named = request.getHeader(RequestGate.UNIT_HEADER);
        if (named != null) {
            counts.namedArrived();
        }
        switch (gate.decide(named)) {
            case TAKEN -> take(request, new ClosingResponse(request, response, gate), chain);
            case MISDIRECTED -> refuse(request, response, NotProcessed.misdirected(unit.id()));
            case FENCED -> refuse(request, response, NotProcessed.fenced());
            case DRAINING -> refuse(request, response, NotProcessed.draining());
        }
    }

    private void take(HttpServletRequest request, ClosingResponse response, FilterChain chain)
            throws IOException, ServletException {
        counts.begun();
        boolean async = false;
        try {
            chain.doFilter(request, response);
            async = request.isAsyncStarted();
            if (async) {
                request.getAsyncContext().addListener(new EndOfAsync(counts));
            } else {
                response.closeConnectionIfLeaving();
            }
        } finally {
            if (!async) {
                counts.ended();
            }
        }
    }

    private static void refuse(
            HttpServletRequest request, HttpServletResponse response, NotProcessed answer)
            throws IOException {
        response.setStatus(answer.status());
        response.setHeader(NotProcessed.HEADER, answer.reason());
        if (answer.endsConnection()) {
            ClosingResponse.closeConnection(request, response);
        }
        response.setContentType(NotProcessed.CONTENT_TYPE);
        response.setContentLength(answer.problem().length);
        response.getOutputStream().write(answer.problem());
    }

    private record EndOfAsync(RequestCounts counts) implements AsyncListener {

        @Override
        public void onComplete(AsyncEvent event) {
            counts.ended();
        }

        @Override
        public void onTimeout(AsyncEvent event) {}

        @Override
        public void onError(AsyncEvent event) {}

        @Override
        public void onStartAsync(AsyncEvent event) {
            // A new start of asynchronous processing forgets the listeners of the former one.
            event.getAsyncContext().addListener(this);
        }
    }
}
