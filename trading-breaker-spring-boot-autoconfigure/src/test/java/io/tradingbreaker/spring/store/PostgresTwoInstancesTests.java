package io.tradingbreaker.spring.store;

class PostgresTwoInstancesTests extends AbstractTwoInstancesTests {

    @Override
    String newDatabase() {
        PostgresServer server = PostgresServer.shared();
        return PostgresServer.url(server.port(), server.newDatabase(""));
    }
}
