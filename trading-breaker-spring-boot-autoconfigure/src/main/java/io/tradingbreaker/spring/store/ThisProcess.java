package io.tradingbreaker.spring.store;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** This process among those that share a database. */
final class ThisProcess {

    /** Host and number: {@code desk-1 (4711)}. A name server may take its time to answer when this is first used. */
    static final String NAME = host() + " (" + ProcessHandle.current().pid() + ")";

    private ThisProcess() {}

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown";
        }
    }
}
