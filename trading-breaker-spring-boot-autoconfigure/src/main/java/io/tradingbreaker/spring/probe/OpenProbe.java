package io.tradingbreaker.spring.probe;

import java.util.List;

/**
 * A breaker's probe, ready to look.
 *
 * @param settings what it goes by
 * @param looks one for each endpoint, in their order
 */
public record OpenProbe(ProbeSettings settings, List<Look> looks) {

    public OpenProbe {
        looks = List.copyOf(looks);
    }
}
