package dev.lepton.registry.fleet;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.HttpMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Says with each answer to a {@code GET} how old the view of the replica is that gives it: {@code
 * Lepton-View-Age}, the milliseconds since it last read the change log, and {@code
 * Lepton-View-Position}, how far.
 */
final class ViewAgeHeaders implements HandlerInterceptor {

    private static final String AGE = "Lepton-View-Age";
    private static final String POSITION = "Lepton-View-Position";

    private final FleetView fleet;

    ViewAgeHeaders(FleetView fleet) {
        this.fleet = fleet;
    }

    /** Before the answer, which may be a refusal: that one too rests on the view. */
    @Override
    public boolean preHandle(
            HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (HttpMethod.GET.matches(request.getMethod()) && fleet.loaded()) {
            response.setHeader(AGE, Long.toString(fleet.age().toMillis()));
            response.setHeader(POSITION, fleet.position().toString());
        }
        return true;
    }
}
