package dev.lepton.gateway.holding;

import dev.lepton.gateway.holding.Place.Stage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;

/**
 * The held requests of one service. When units come up they are called in the order in which they
 * came, at the pace at which they are answered. What a method returns is to be called.
 */
final class Line {

    private final Set<Place> places = new LinkedHashSet<>();
    private final Queue<Place> toBeCalled = new ArrayDeque<>();
    private final Pace pace = new Pace();

    int size() {
        return places.size();
    }

    void enter(Place place) {
        places.add(place);
    }

    /**
     * The table shows the service otherwise than before.
     *
     * @param units how many can take a request
     */
    List<Place> tableChanged(int units) {
        pace.units(units);
        toBeCalled.clear();
        for (Place place : places) {
            if (place.stage == Stage.WAITS || place.stage == Stage.TO_BE_CALLED) {
                place.stage = Stage.TO_BE_CALLED;
                toBeCalled.add(place);
            }
        }
        return units == 0 ? all() : next();
    }

    /** There is no unit to overrun; they find out whether one is still to come. */
    private List<Place> all() {
        List<Place> all = List.copyOf(toBeCalled);
        toBeCalled.clear();
        all.forEach(place -> place.stage = Stage.WAITS);
        return all;
    }

    private List<Place> next() {
        List<Place> called = new ArrayList<>();
        while (!toBeCalled.isEmpty() && pace.hasRoom()) {
            Place place = toBeCalled.remove();
            if (place.stage == Stage.TO_BE_CALLED) {
                place.stage = Stage.CALLED;
                pace.began();
                called.add(place);
            }
        }
        return called;
    }

    /** A unit gets the request, whether it was called or has asked for itself. */
    void underWay(Place place) {
        if (!counted(place)) {
            pace.began();
        }
        place.stage = Stage.UNDER_WAY;
    }

    /** It has looked, and found no unit that it could go to. */
    List<Place> looked(Place place) {
        if (place.stage != Stage.CALLED) {
            return List.of();
        }
        place.stage = Stage.WAITS;
        pace.ended();
        return next();
    }

    /** No unit has taken it. */
    void waitsAgain(Place place) {
        if (counted(place)) {
            pace.failed();
        }
        place.stage = Stage.WAITS;
    }

    /**
     * @param served whether a unit has answered it
     */
    List<Place> leave(Place place, boolean served) {
        if (!places.remove(place)) {
            return List.of();
        }
        if (counted(place)) {
            if (served) {
                pace.served();
            } else {
                pace.ended();
            }
        }
        // Not to be called any more.
        place.stage = Stage.WAITS;
        return next();
    }

    private static boolean counted(Place place) {
        return switch (place.stage) {
            case CALLED, UNDER_WAY -> true;
            case WAITS, TO_BE_CALLED -> false;
        };
    }
}
