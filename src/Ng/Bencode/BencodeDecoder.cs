namespace RtpCluster.Ng.Bencode;

/// <summary>Reads bencode: <c>len:bytes</c>, <c>i..e</c>, <c>l..e</c>, <c>d..e</c>. Keys need not be sorted; bytes after the dictionary are ignored.</summary>
internal ref struct BencodeDecoder
{
    private readonly ReadOnlySpan<byte> _data;
    private int _at;
    private int _values;

    private BencodeDecoder(ReadOnlySpan<byte> data) => _data = data;

    /// <summary>Decodes the dictionary at the start of <paramref name="data"/>; false when it is incomplete, malformed or beyond the limits.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, out NgDictionary dictionary)
    {
        var decoder = new BencodeDecoder(data);
        if (decoder.ReadValue(0) is NgDictionary root)
        {
            dictionary = root;
            return true;
        }

        dictionary = new NgDictionary();
        return false;
    }

    private NgValue? ReadValue(int depth)
    {
        if (_at >= _data.Length || depth > NgCodec.MaxDepth || ++_values > NgCodec.MaxValues)
        {
            return null;
        }

        switch (_data[_at])
        {
            case (byte)'d':
                _at++;
                return ReadDictionary(depth);
            case (byte)'l':
                _at++;
                return ReadList(depth);
            case (byte)'i':
                return BencodeScalar.TryReadInteger(_data, ref _at, out long number) ? new NgInteger(number) : null;
            default:
                return ReadString() is { } text ? new NgString(text) : null;
        }
    }

    private NgList? ReadList(int depth)
    {
        var list = new NgList();
        while (!AtEnd())
        {
            if (ReadValue(depth + 1) is not { } item)
            {
                return null;
            }

            list.Items.Add(item);
        }

        return Close() ? list : null;
    }

    private NgDictionary? ReadDictionary(int depth)
    {
        var dictionary = new NgDictionary();
        while (!AtEnd())
        {
            if (ReadString() is not { } key || ReadValue(depth + 1) is not { } value)
            {
                return null;
            }

            dictionary.Add(key, value);
        }

        return Close() ? dictionary : null;
    }

    private string? ReadString() =>
        BencodeScalar.TryReadString(_data, ref _at, out var bytes) ? NgCodec.FromBytes(bytes) : null;

    private readonly bool AtEnd() => _at >= _data.Length || _data[_at] == (byte)'e';

    private bool Close() => _at < _data.Length && _data[_at++] == (byte)'e';
}
