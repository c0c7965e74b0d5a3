"""Names, places and turns of phrase that the newsroom's articles are made of.

Constants only; every string is NFC. People are invented: any name that a real person bears is chance.
"""

FAMILY_NAMES = (
    "Nguyễn Trần Lê Phạm Hoàng Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đinh Trịnh Mai Tạ Lò Giàng Lường Vàng Hà Cao Phan "
    "Trương Đoàn Lương Tô Quách Triệu Nông"
).split()
MALE_MIDDLE_NAMES = (
    "Văn Đức Hữu Quang Minh Xuân Đình Công Thành Anh Trọng Ngọc Bá Duy Gia Khắc Mạnh Nhật Phú Quốc Thế Tiến Trung Tuấn"
).split()
FEMALE_MIDDLE_NAMES = (
    "Thị Thu Thanh Ngọc Kim Minh Hồng Bích Diệu Hải Hương Khánh Lan Mai Mỹ Phương Quỳnh Thùy Tuyết Vân".split()
)
MALE_GIVEN_NAMES = (
    "Bình Chiến Cường Dũng Đạt Đông Giang Hải Hiếu Hòa Hùng Huy Khánh Khoa Kiên Lâm Lộc Long Lực Nam Nghĩa Phong Phúc "
    "Quân Quý Sơn Tài Tâm Thắng Thịnh Thuận Toàn Trường Tú Tùng Vinh Vượng Vĩnh Khải Bách"
).split()
FEMALE_GIVEN_NAMES = (
    "An Anh Chi Dung Duyên Giang Hà Hạnh Hiền Hoa Huệ Hương Lan Liên Linh Loan Ly Mai Nga Ngân Nhung Oanh Phượng Quyên "
    "Thảo Thơm Thúy Trang Trinh Tuyết Uyên Vân Xuân Yến Nguyệt Diễm Hằng Hậu Lý Nhàn"
).split()

PROVINCES = (
    "Tuyên Quang,Lào Cai,Thái Nguyên,Phú Thọ,Bắc Ninh,Hưng Yên,Ninh Bình,Quảng Trị,Quảng Ngãi,Gia Lai,Khánh Hòa,"
    "Lâm Đồng,Đắk Lắk,Đồng Nai,Tây Ninh,Vĩnh Long,Đồng Tháp,Cà Mau,An Giang,Lai Châu,Điện Biên,Sơn La,Lạng Sơn,"
    "Quảng Ninh,Thanh Hóa,Nghệ An,Hà Tĩnh,Cao Bằng"
).split(",")
COMMUNES = (
    "Tân Lập,Yên Bình,Nậm Khòa,Bản Liền,Phú Sơn,Hòa Thắng,Long Mỹ,An Phước,Vĩnh Thạnh,Sơn Hà,Trà Leng,Ia Mơ,Đăk Nhoong,"
    "Mường Chà,Pha Long,Xuân Giang,Đồng Tâm,Quang Minh,Thạch Lâm,Kỳ Phú,Hương Lộc,Cẩm Vân,Thuận Hòa,Ba Chúc,Đất Mũi,"
    "Phong Nẫm,Mỹ Hiệp,Bình Hòa,Tam Thanh,Nghĩa An,Phước Tân,Suối Trai,Cư Pui,Ea Hiao,Đạ Tông,Lộc Tân,Bảo Hà,Cốc Pàng,"
    "Thông Nông,Chi Lăng,Hữu Khánh,Vân Hồ,Tà Xùa,Chiềng Sơn,Mường Lạn,Nậm Nhùn,Pa Ủ,Tả Van,Cao Phạ,Nà Hẩu,Đại Lịch,"
    "Tiên Lãng,Vạn Ninh,Đông Xá,Cái Rồng,Hải Thịnh,Nghĩa Lâm,Kim Sơn,Gia Viễn,Nga Thủy,Pù Nhi,Mường Lý,Tri Lễ,Na Ngoi,"
    "Môn Sơn,Sơn Kim,Hương Khê,Trọng Hóa,Hướng Phùng,A Túc,Trà Giáp,Ba Tơ,Sơn Mùa,Vĩnh Sơn,An Toàn,Xuân Lãnh,Khánh Lê"
).split(",")
COUNTRIES = (
    "Nhật Bản,Hàn Quốc,Pháp,Đức,Hà Lan,Australia,Ấn Độ,Thái Lan,Malaysia,Indonesia,Canada,Italy,Tây Ban Nha,Ba Lan,"
    "Bỉ,Thụy Điển,Đan Mạch,New Zealand,Singapore,Philippines,Lào,Campuchia"
).split(",")
CITIES_ABROAD = (
    "Tokyo Seoul Paris Berlin Brussels Canberra Bangkok Jakarta Rome Madrid Vientiane Geneva London Ottawa".split()
)

LEADER_ROLES = (
    "Giám đốc,Phó Giám đốc,Trưởng phòng Kế hoạch,Chánh Văn phòng,Trưởng ban Dự án,Phó trưởng ban chuyên môn,"
    "Trưởng phòng Nghiệp vụ,Phó phụ trách,người phát ngôn,Trưởng bộ phận Giám sát"
).split(",")
VILLAGE_ROLES = (
    "trưởng bản,bí thư chi bộ thôn,người dân,chủ hộ kinh doanh,cựu chiến binh,giáo viên nghỉ hưu,công nhân,chủ tàu cá,"
    "sinh viên năm cuối,tổ trưởng tổ liên gia,chủ nhiệm hợp tác xã,cán bộ khuyến nông"
).split(",")
SAID = "cho biết,cho hay,chia sẻ,nhấn mạnh,nói,bày tỏ,khẳng định,nhận định,kể lại,phân tích,lưu ý,đề nghị".split(",")
PAPERS = "Quyết định,Kế hoạch,Công văn,Thông báo,Báo cáo,Chỉ thị,Tờ trình,Hướng dẫn".split(",")
PAPER_SIGNS = "QĐ-UBND,KH-UBND,CV-SNV,TB-VP,BC-UBND,CT-UBND,TTr-STC,HD-BCĐ".split(",")

# Signatures as papers print them: pen names, in the case of the house.
PEN_NAMES = (
    "Ngọc Ánh,Minh Sơn,Bích Hà,Hồng Kiều,Thu Trang,Hải Yến,Quang Thái,Đức Duy,Thanh Bình,Mai Anh,Hoài Nam,Việt Dũng,"
    "Khánh Linh,Xuân Trường,Diệp Chi,Tuấn Kiệt,Lan Hương,Gia Hân,Hữu Phúc,Tường Vy"
).split(",")
ARMY_PEN_NAMES = (
    "VĂN TOẢN,HÀ KHÁNH,PHAN TUỆ,TUẤN NAM,XUÂN DŨNG,KHẮC TÂM,MINH TUẤN,VĂN ĐẢM,HÙNG KHOA,XUÂN CƯỜNG,THÁI PHƯƠNG,ANH SƠN,"
    "DIỆU ANH,PHẠM HƯNG,MINH MẠNH,KIM LUẬN,QUANG ĐỨC,TIẾN DŨNG,VĂN CHUNG,NAM HÙNG,VŨ PHONG,LA DUY"
).split(",")
ARMY_RANKS = "Đại tá,Thượng tá,Trung tá,Thiếu tá,Đại úy".split(",")
PHOTOGRAPHERS = (
    "Hồng Hà,Thanh Tuấn,Thống Nhất,Minh Quyết,Tuấn Anh,Hoàng Hiếu,Lâm Khánh,Văn Điệp,Nguyễn Oanh,Quý Trung,Đình Huệ"
).split(",")
PHOTO_AGENCIES = "TTXVN,Vietnam+,TTXVN phát,Ban tổ chức,Cổng thông tin xã".split(",")
PHOTO_SOURCES = "AFP/TTXVN,THX/TTXVN,Reuters,Vietnam+".split(",")

WEEKDAYS = ("Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy", "Chủ nhật")
