package io.tradingbreaker.sample.node;

import org.jspecify.annotations.Nullable;

/** The node says of itself that it is behind (error −32005), and has done nothing. */
public class NodeUnhealthyException extends NodeException {

    private static final long serialVersionUID = 1L;

    NodeUnhealthyException(@Nullable Long slotsBehind) {
        super(
                slotsBehind == null
                        ? "the node is unhealthy and does not say how far behind"
                        : "the node is " + slotsBehind + " slots behind");
    }
}
