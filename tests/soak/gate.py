"""A door in front of a vendor: relays TCP, and refuses connections while it is shut. One process for all doors of a stage.

The parent speaks to it by lines: `shut NAME`, `open NAME`; each is answered by the same line once it holds.
"""
import asyncio
import json
import subprocess
import sys


class Door:
    def __init__(self, target):
        self.target = target
        self.port = 0
        self.server = None
        self.lines = set()

    async def open(self):
        self.server = await asyncio.start_server(self.relay, "127.0.0.1", self.port)
        self.port = self.server.sockets[0].getsockname()[1]

    async def shut(self):
        self.server.close()
        for writer in list(self.lines):
            writer.transport.abort()

    async def relay(self, reader, writer):
        try:
            there_reader, there_writer = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.transport.abort()
            return
        ends = {writer, there_writer}
        self.lines |= ends
        await asyncio.gather(self.pump(reader, there_writer), self.pump(there_reader, writer))
        self.lines -= ends

    @staticmethod
    async def pump(source, sink):
        try:
            while data := await source.read(65536):
                sink.write(data)
                await sink.drain()
            sink.close()
        except OSError:
            sink.transport.abort()


async def serve(target, names):
    doors = {name: Door(target) for name in names}
    for door in doors.values():
        await door.open()
    print(json.dumps({name: door.port for name, door in doors.items()}), flush=True)
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        verb, name = line.split()
        await getattr(doors[name], verb)()
        print(line.strip(), flush=True)


class Gate:
    """The parent's side. `ports[name]` stays the same while a door is shut and opened again."""

    def __init__(self, target, names):
        self.child = subprocess.Popen([sys.executable, "-B", __file__, str(target), *names],
                                      stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.ports = json.loads(self.child.stdout.readline())

    def tell(self, verb, name):
        self.child.stdin.write(f"{verb} {name}\n")
        self.child.stdin.flush()
        assert self.child.stdout.readline().split() == [verb, name]

    def end(self):
        self.child.kill()
        self.child.wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), sys.argv[2:]))
