package io.tradingbreaker.spring.store;

class PostgresTwoInstancesTests extends AbstractTwoInstancesTests {

    private final PostgresServer server = PostgresServer.shared();

    @Override
    String newDatabase() {
        return PostgresServer.url(server.port(), server.newDatabase(""));
    }
}
